"""Links from outside: only plain web addresses are opened or copied."""

from urllib.parse import urlsplit


def is_web(link: str) -> bool:
    """Whether it is an http(s) address without blanks or controls."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    printable = link.isascii() and link.isprintable() and " " not in link
    return printable and parts.scheme in {"http", "https"} and bool(parts.hostname)
