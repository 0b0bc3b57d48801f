"""snac, a small ActivityPub server written in C, fetched from Debian and started on loopback.

It speaks Mastodon's API without Idempotency-Key, deletion, search and the newer instance call.
Names resolve only if it is `localhost` on port 80; nothing is installed into the system.
"""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

_KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
ADDRESS = "http://localhost"
_START = 20.0
"""Seconds until it must answer."""


def fetched(folder: Path) -> Path:
    """The program, unpacked into a folder; the test is skipped where that cannot be."""
    if found := shutil.which("snac"):
        return Path(found)
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        pytest.skip("snac is fetched with apt-get, which this machine has not")
    for uri, codename in _archives():
        for suite in (f"{codename}-backports", codename):
            if package := _downloaded(folder / suite, uri, suite):
                subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
                return folder / "usr" / "bin" / "snac"
    pytest.skip("no Debian archive that this machine knows gives the package snac2")


def _archives() -> list[tuple[str, str]]:
    """Debian's own addresses and release names, as this machine's apt has them."""
    form = "$(ORIGIN) $(REPO_URI) $(CODENAME)"
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split() for line in told.stdout.splitlines()]
    found = [(one[1], one[2]) for one in lines if len(one) == 3 and one[0] == "Debian"]
    return sorted({(uri, name.partition("-")[0]) for uri, name in found if "security" not in uri})


def _downloaded(folder: Path, uri: str, suite: str) -> Path | None:
    """The package of one suite, by an apt whose lists are all in a folder of ours."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    (folder / "one.list").write_text(f"deb [signed-by={_KEYS}] {uri} {suite} main\n")
    apt = ["apt-get", "-o", f"Dir::Etc::sourcelist={folder}/one.list"]
    apt += ["-o", "Dir::Etc::sourceparts=-", "-o", f"Dir::State::lists={folder}/lists"]
    apt += ["-o", f"Dir::Cache={folder}/cache", "-o", "APT::Sandbox::User=root"]
    for command in (["update"], ["download", "snac2"]):
        done = subprocess.run([*apt, *command], cwd=folder, capture_output=True, check=False)
        if done.returncode:
            return None
    return next(folder.glob("snac2*.deb"), None)


@contextmanager
def open_snac(program: Path, folder: Path, users: Sequence[str]) -> Iterator[dict[str, str]]:
    """The tokens of its users while it stands."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            free.bind(("127.0.0.1", 80))
        except OSError as error:
            pytest.skip(f"snac must have port 80 of loopback: {error.strerror}")
    words = _settled(program, folder, users)
    log = (folder.parent / "snac.log").open("w")
    process = subprocess.Popen([program, "httpd", folder], stdout=log, stderr=log)
    try:
        yield {user: _token(user, word) for user, word in words.items()}
    finally:
        process.terminate()
        process.wait()
        log.close()


def _settled(program: Path, folder: Path, users: Sequence[str]) -> dict[str, str]:
    """A new server with these users; their passwords."""
    answers = "127.0.0.1\n80\nlocalhost\n\n\n"
    subprocess.run([program, "init", folder], input=answers, text=True, check=True)
    config = folder / "server.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "protocol": "http"}))
    words = dict[str, str]()
    for user in users:
        made = subprocess.run(
            [program, "adduser", folder, user], input="", text=True, check=True, capture_output=True
        )
        said = made.stdout + made.stderr
        words[user] = said.rpartition("password is ")[2].split()[0]
    return words


def _token(user: str, word: str) -> str:
    until = time.monotonic() + _START
    while time.monotonic() < until:
        with suppress(requests.ConnectionError):
            login = {"login": user, "passwd": word}
            answer = requests.post(f"{ADDRESS}/oauth/x-snac-get-token", data=login, timeout=5)
            answer.raise_for_status()
            return answer.text.strip()
        time.sleep(0.1)
    raise TimeoutError(ADDRESS)
