"""Connecting to a mail server: TLS with a certificate that proves it, or nothing is said."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from listener.smtp import connected, refused
from models.errors import ChannelError, Rejected, SignedOut, Unavailable
from models.settings import Smtp
from tests.listener.mailroom import Room, free_port, opened

NOW = datetime.now(UTC)


def certified(folder: Path, host: str, until: timedelta = timedelta(days=1)) -> ssl.SSLContext:
    """A server's TLS with a certificate for `host` that signs itself, written to `folder`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    called = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=2))
        .not_valid_after(NOW + until)
        .add_extension(x509.SubjectAlternativeName([called]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "both.pem").write_bytes(made.public_bytes(pem) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that this machine trusts."""
    context = certified(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return context


def says(smtp: Smtp) -> str:
    """What a person is told who must act."""
    with pytest.raises(SignedOut) as caught, connected(smtp):
        pass
    return str(caught.value)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_proves_itself_is_talked_to_in_secret(
    trusted: ssl.SSLContext, security: str
) -> None:
    with opened(Room(), tls=trusted, starttls=security == "starttls") as port:
        smtp = Smtp.model_validate({"host": "127.0.0.1", "port": port, "security": security})
        with connected(smtp) as server:
            assert isinstance(server.sock, ssl.SSLSocket)
            assert server.noop()[0] == 250
        assert server.sock is None


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("wrong", ["name", "unknown", "over"])
def test_a_wrong_certificate_is_named_and_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str, wrong: str
) -> None:
    host = "mail.example.org" if wrong == "name" else "127.0.0.1"
    until = timedelta(days=-1) if wrong == "over" else timedelta(days=1)
    context = certified(tmp_path, host, until)
    if wrong != "unknown":
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    room = Room()
    with opened(room, tls=context, starttls=security == "starttls") as port:
        smtp = Smtp.model_validate(
            {"host": "127.0.0.1", "port": port, "security": security, "user": "u"}
        )
        told = says(smtp)
    assert told.startswith("the certificate of 127.0.0.1 cannot be trusted: ")
    assert {"name": "mismatch", "unknown": "self", "over": "expired"}[wrong] in told
    assert room.transactions == 0


def test_a_server_without_starttls_hears_no_password() -> None:
    with opened(Room()) as port:
        told = says(Smtp(host="127.0.0.1", port=port, user="desk"))
    assert told.startswith("127.0.0.1 does not do what [smtp] asks for: STARTTLS")


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("mail.example.org", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
        ("", False),
    ],
)
def test_in_the_clear_only_to_this_machine(host: str, is_here: bool) -> None:
    smtp = Smtp(host=host, port=free_port(), security="none")
    if is_here:
        with pytest.raises(Unavailable, match="does not answer"), connected(smtp):
            pass
    else:
        assert says(smtp) == f"{host} is another machine: [smtp] security must be starttls or tls"


class Porter:
    """Lets in whoever knows the password."""

    def __call__(
        self, _server: object, _session: object, _envelope: object, *how: object
    ) -> object:
        secret = getattr(how[1], "password", b"")
        return AuthResult(success=secret == b"secret", handled=False)


@pytest.mark.parametrize("password", ["secret", "wrong", ""])
def test_a_wrong_password_waits_for_a_person(
    trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("GENSVAR_SMTP_PASSWORD", password)
    with opened(Room(), tls=trusted, starttls=True, porter=Porter()) as port:
        smtp = Smtp(host="127.0.0.1", port=port, user="desk")
        if password == "secret":
            with connected(smtp) as server:
                assert server.noop()[0] == 250
        else:
            assert says(smtp).startswith("127.0.0.1: 535 5.7.8")


@contextmanager
def babbler(words: bytes, pause: float) -> Iterator[int]:
    """A server that says `words` a letter at a time, and then nothing."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def talk() -> None:
            guest, _address = door.accept()
            with guest:
                for letter in words:
                    if over.wait(pause):
                        return
                    try:
                        guest.send(bytes([letter]))
                    except OSError:
                        return
                over.wait(20)

        thread = threading.Thread(target=talk)
        thread.start()
        yield door.getsockname()[1]
        over.set()
        thread.join()


@pytest.mark.parametrize("words", [b"220 " + b"x" * 200, b"220 hello\r\n250-" + b"x" * 200, b""])
def test_a_server_that_says_a_letter_at_a_time_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, words: bytes
) -> None:
    monkeypatch.setattr("listener.smtp.SECONDS", 0.6)
    began = time.monotonic()
    with babbler(words, 0.05) as port:
        smtp = Smtp(host="127.0.0.1", port=port, security="none")
        with pytest.raises(Unavailable, match="does not answer"), connected(smtp):
            pass
        assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("banner", "error"),
    [
        (b"421 too busy\r\n", Unavailable),
        (b"554 go away\r\n", SignedOut),
        (b"hello there\r\n", Unavailable),
    ],
)
def test_a_server_that_greets_with_a_no(banner: bytes, error: type[ChannelError]) -> None:
    with babbler(banner, 0) as port:
        smtp = Smtp(host="127.0.0.1", port=port, security="none")
        with pytest.raises(error), connected(smtp):
            pass


@pytest.mark.parametrize("host", ["no.such.host.invalid", "a..b", "x" * 70 + ".example"])
def test_a_host_that_is_none(host: str) -> None:
    with pytest.raises((Unavailable, SignedOut)), connected(Smtp(host=host)):
        pass


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        (421, b"4.3.2 closing", Unavailable),
        (450, b"mailbox busy", Unavailable),
        (550, b"5.1.1 nobody", Rejected),
        (552, b"too big", Rejected),
        (550, b"5.7.1 not you", SignedOut),
        (530, b"sign in", SignedOut),
        (535, b"wrong", SignedOut),
        (250, b"what?", Unavailable),
    ],
)
def test_what_a_no_means(code: int, words: bytes, error: type[ChannelError]) -> None:
    found = refused(code, words)
    assert type(found) is error
    assert str(found) == f"{code} {words.decode()}"


def test_an_answer_is_one_line_that_can_be_kept() -> None:
    told = str(refused(550, b"5.1.1 no\n\x00\xff " + b"x" * 1000))
    assert told.startswith("550 5.1.1 no ��")
    assert len(told) == 300
