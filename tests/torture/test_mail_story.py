"""The leaders' mail through a mail server and reader that are not ours: MailDev, from npm.

The first use installs it into the user's cache; without node and npm the test is skipped.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from platformdirs import user_cache_path

from listener.digest import look_after_digests
from listener.digest.drawing import Drawing
from listener.worker import Worker
from models.instant import DAY, HOUR, to_datetime
from models.records.store import Store
from models.settings import DigestEntry, Digests, Settings, Smtp
from tests.listener.mailroom import free_port
from tests.world import post, take

pytestmark = pytest.mark.slow
PACKAGE = "maildev@2.2.1"
_MIDNIGHT = clock_time(0, 0)
READERS = {"vd@tallkotte.example": "sv", "johto@tallkotte.example": "fi"}


@pytest.fixture
def maildev(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """Its SMTP port, and where it shows what came."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("MailDev needs node and npm: apt-get install nodejs npm")
    folder = user_cache_path("gensvar-tests") / PACKAGE
    program = folder / "node_modules" / "maildev" / "bin" / "maildev"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", PACKAGE]
        made = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if made.returncode:
            pytest.skip(f"MailDev cannot be installed: {made.stderr[-300:]}")
    smtp, web = free_port(), free_port()
    command = [node, str(program), "-s", str(smtp), "-w", str(web)]
    command += ["--ip", "127.0.0.1", "--web-ip", "127.0.0.1", "--mail-directory", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{web}"
        _wait(address)
        yield smtp, address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(address: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if requests.get(f"{address}/healthz", timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise TimeoutError(address)


def test_each_reader_gets_the_page_in_their_language(
    store: Store, maildev: tuple[int, str]
) -> None:
    port, address = maildev
    settings = _settings(port)
    zone = settings.calendar().zone
    yesterday = store.now() - DAY
    take(store, post("britta", "Tredje veckan utan paket.", at=yesterday), at=yesterday + HOUR)
    worker = Worker(store, settings, {})
    drawing = Drawing(worker)
    assert look_after_digests(worker, drawing).sent == len(READERS)
    assert look_after_digests(worker, drawing).sent == 0
    mails: list[dict[str, Any]] = requests.get(f"{address}/email", timeout=10).json()
    found = {mail["envelope"]["to"][0]["address"]: mail for mail in mails}
    assert found.keys() == READERS.keys()
    told = {"sv": "Svarar vi i tid?", "fi": "Vastaammeko ajoissa?"}
    day = to_datetime(store.now(), zone).date() - timedelta(days=1)
    for reader, language in READERS.items():
        mail = found[reader]
        assert told[language] in mail["html"]
        assert told[language].upper() in mail["text"]
        assert str(day.year) in mail["text"]
        assert mail["headers"]["auto-submitted"] == "auto-generated"
        assert mail["headers"]["content-language"] == language
        assert "http" not in mail["html"].replace("http://www.w3.org", "")


def _settings(port: int) -> Settings:
    smtp = Smtp(host="127.0.0.1", port=port, security="none", sender="desk@tallkotte.example")
    to = [DigestEntry(mail=mail, language=language) for mail, language in READERS.items()]  # type: ignore[arg-type]
    return Settings(smtp=smtp, digest=Digests(at=_MIDNIGHT, to=to))
