"""config.toml: defaults that work, and mistakes that name the file, the key and the remedy."""

import os
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.errors import SettingsError
from models.instant import from_rfc3339, to_rfc3339
from models.mailing import Mailing, Recipient
from models.settings import (
    DATABASE_VARIABLE,
    DigestEntry,
    Digests,
    Settings,
    check,
    find,
    load,
)

SHIPPED = Path(__file__).parents[2] / "config.toml"
POSTGRES = "postgresql://desk@db.example/gensvar"


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def complaint(folder: Path, text: str) -> str:
    """The sentence a mistake in the file is answered with, less the folder's name."""
    file = written(folder, text)
    with pytest.raises(SettingsError) as caught:
        load(file)
    sentence = str(caught.value)
    assert sentence.startswith(str(file))
    assert "\n" not in sentence
    return sentence.removeprefix(str(file))


def test_without_a_file_every_setting_has_a_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert find(None) is None
    settings = load()
    assert settings == Settings()
    within = settings.answer_within
    assert (within.urgent, within.complaint, within.question, within.other) == (15, 60, 240, 480)
    assert (settings.account, settings.smtp.host, settings.alert.command) == ([], "", [])
    calendar = settings.calendar()
    assert (calendar.zone, calendar.country) == (ZoneInfo("Europe/Stockholm"), "SE")
    assert calendar.week == (((time(8), time(18)),),) * 5 + ((), ())


def test_the_file_that_ships_loads_and_says_nothing_but_defaults() -> None:
    settings = load(SHIPPED)
    assert settings == Settings()
    assert (settings.account, settings.smtp.host, settings.database) == ([], "", "")
    assert (settings.digest.to, settings.mailing()) == ([], None)


def test_what_stands_behind_the_signs_in_the_shipped_file_is_right(tmp_path: Path) -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()[3:]
    settings = load(written(tmp_path, "\n".join(line.removeprefix("# ") for line in lines)))
    assert settings.calendars["oslo"].holidays == "NO"
    assert settings.account[0].signature == "/Tallkotte"
    assert settings.staff == {"anna": "Anna"}
    assert settings.digest == Digests(to=[DigestEntry(mail="ceo@example.com", language="sv")])
    untouched = ("hours", "answer_within", "listen", "outbox", "alert", "smtp")
    for section in untouched:
        assert getattr(settings, section) == getattr(Settings(), section)


@pytest.mark.parametrize(
    ("text", "key", "right"),
    [
        ("[brnd]\nname = 'Tallkotte'", "brnd", "brand"),
        ("[alert]\nmail-to = []", "alert.mail-to", "mail_to"),
        ("[answer_within]\ncomplaints = 30", "answer_within.complaints", "complaint"),
        ("[hours]\nmondag = []", "hours.mondag", "monday"),
        ("[calendars.oslo]\ntimezone = 'UTC'", "calendars.oslo.timezone", "zone"),
        ("[smtp]\nhots = 'x'", "smtp.hots", "host"),
        (
            "[[account]]\nchannel = 'x'\nhandle = 'a'\nmarkt = 'SE'",
            "account.0.markt",
            "market",
        ),
    ],
)
def test_a_wrong_key_is_named_with_the_nearest_right_one(
    tmp_path: Path, text: str, key: str, right: str
) -> None:
    sentence = complaint(tmp_path, text)
    assert sentence == f": there is no setting called {key}. Did you mean {right}?"


def test_a_key_like_no_other_gets_no_suggestion(tmp_path: Path) -> None:
    assert complaint(tmp_path, "xyzzy = 1") == ": there is no setting called xyzzy."
    assert complaint(tmp_path, "[smtp]\npassword = 'p'").startswith(
        ": there is no setting called smtp.password."
    )


@pytest.mark.parametrize("zone", ["Europe/Stokholm", "", "../../etc/passwd", "Europe", "a\\u0000"])
def test_an_unknown_zone_is_refused(tmp_path: Path, zone: str) -> None:
    sentence = complaint(tmp_path, f'[calendars.oslo]\nzone = "{zone}"')
    assert sentence.startswith(": calendars.oslo.zone: no time zone is called ")


@pytest.mark.parametrize(
    "period",
    [
        "8-17",
        "08:00",
        "08:00–17:00",
        "17:00-08:00",
        "08:00-08:00",
        "08:00-25:00",
        "24:00-24:00",
        "-",
        "",
        "closed",
        "08:00+01:00-18:00",
        "08:00Z-18:00Z",
    ],
)
def test_a_period_that_is_none_is_refused_with_the_right_form(tmp_path: Path, period: str) -> None:
    sentence = complaint(tmp_path, f'[hours]\nfriday = ["08:00-12:00", "{period}"]')
    assert sentence == f": hours.friday.1: {period!r} is no period; write it as 08:00-18:00"


@pytest.mark.parametrize("day", ["20260605", "2026-13-01", "12-32", "W01", "Christmas", "2026-W23"])
def test_a_day_off_in_a_form_no_clock_would_find_is_refused(tmp_path: Path, day: str) -> None:
    sentence = complaint(tmp_path, f'[hours]\nclosed = ["{day}"]')
    assert sentence.startswith(f": hours.closed.0: {day!r} is no day; write 2026-06-05")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[answer_within]\nurgent = 0", "answer_within.urgent"),
        ("[answer_within]\nurgent = 'soon'", "answer_within.urgent"),
        ("[listen]\nevery_seconds = -1", "listen.every_seconds"),
        ("[smtp]\nport = 70000", "smtp.port"),
        ("[smtp]\nsecurity = 'some'", "smtp.security"),
        ("[hours]\nholidays = 'DE'", "hours.holidays"),
        ("[hours]\nmonday = '08:00-18:00'", "hours.monday"),
        ("language = 'sw'", "language"),
        ("[[account]]\nchannel = 'facebook'\nhandle = 'a'", "account.0.channel"),
        ("[[account]]\nchannel = 'x'", "account.0.handle"),
        ("brand = 1", "brand"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(tmp_path: Path, text: str, key: str) -> None:
    assert complaint(tmp_path, text).startswith(f": {key}: ")


READER = "[[digest.to]]\nmail = 'vd@tallkotte.example'\n"
SERVER = "[smtp]\nhost = 'mail.example'\nsender = 'desk@tallkotte.example'\n"


def test_readers_and_a_mail_server_make_a_mailing(tmp_path: Path) -> None:
    text = "[digest]\nat = '02:30'\n" + READER + "language = 'nb'\n[hours]\nzone = 'Europe/Oslo'\n"
    assert load(written(tmp_path, text)).mailing() is None
    mailing = load(written(tmp_path, text + SERVER)).mailing()
    reader = Recipient("vd@tallkotte.example", "nb")
    assert mailing == Mailing((reader,), ZoneInfo("Europe/Oslo"), time(2, 30))


def test_a_reader_has_the_language_of_the_screen_unless_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    for chosen, language in (("", "sv"), ("language = 'fi'\n", "fi")):
        mailing = load(written(tmp_path, chosen + READER + SERVER)).mailing()
        assert mailing is not None
        assert mailing.readers[0].language == language
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    mailing = load(written(tmp_path, READER + SERVER)).mailing()
    assert mailing is not None
    assert mailing.readers[0].language == "en"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "vd",
        "vd@",
        "@tallkotte.example",
        "vd@tall kotte.example",
        "vd@tallkotte.example,bo@tallkotte.example",
        "Eva <vd@tallkotte.example>",
        "vd@tällkotte.example",
        "vd@tallkotte.example\\r\\nBcc: all@tallkotte.example",
    ],
)
def test_a_reader_that_is_no_address_is_refused(tmp_path: Path, address: str) -> None:
    sentence = complaint(tmp_path, f'[[digest.to]]\nmail = "{address}"')
    assert sentence.startswith(": digest.to.0.mail: ")
    assert sentence.endswith(" is no mail address; write it as name@example.com")


def test_a_reader_stands_there_once(tmp_path: Path) -> None:
    sentence = complaint(tmp_path, READER + READER.replace("vd@", "VD@"))
    assert sentence == ": vd@tallkotte.example stands twice in [[digest.to]]"


@pytest.mark.parametrize(
    "at", ["7.30", "7:30", "24:00", "07:30+01:00", "07:60", "noon", "07:30:15"]
)
def test_a_time_of_day_that_is_none_is_refused(tmp_path: Path, at: str) -> None:
    sentence = complaint(tmp_path, f'[digest]\nat = "{at}"')
    assert sentence == f": digest.at: {at!r} is no time of day; write it as 07:30"


@pytest.mark.parametrize("team", ["", " ", "lager: a", "x" * 61])
def test_a_team_that_could_not_be_asked_is_refused(tmp_path: Path, team: str) -> None:
    sentence = complaint(tmp_path, f'[desk]\nteams = ["lager", "{team}"]')
    assert f"{team!r} is no team; write a name" in sentence


def test_a_bare_time_is_a_time_of_day(tmp_path: Path) -> None:
    assert load(written(tmp_path, "[digest]\nat = 06:45:00")).digest.at == time(6, 45)


@pytest.mark.parametrize("sender", ["", "desk", "desk@a.example\\nBcc: b@c.example", "Desk <desk>"])
def test_a_digest_comes_from_an_address(tmp_path: Path, sender: str) -> None:
    text = READER + f'[smtp]\nhost = "mail.example"\nuser = "api"\nsender = "{sender}"'
    assert complaint(tmp_path, text).startswith(": [smtp] sender must be the address the digest")


def test_a_sender_may_have_a_name(tmp_path: Path) -> None:
    text = "[smtp]\nhost = 'mail.example'\nsender = 'Tallkotte <desk@tallkotte.example>'\n"
    smtp = load(written(tmp_path, READER + text)).smtp
    assert smtp.written_by() == "Tallkotte <desk@tallkotte.example>"
    assert smtp.address() == "desk@tallkotte.example"


def test_an_account_must_name_a_calendar_that_is_there(tmp_path: Path) -> None:
    account = "[[account]]\nchannel = 'x'\nhandle = 'tallkotte'\ncalendar = 'oslo'\n"
    sentence = complaint(tmp_path, account)
    assert sentence == ": no [calendars.oslo] for the account tallkotte"
    settings = load(written(tmp_path, account + "[calendars.oslo]\nzone = 'Europe/Oslo'"))
    assert settings.calendar(settings.account[0].calendar).zone.key == "Europe/Oslo"


def test_hours_become_the_clock_they_describe() -> None:
    settings = check(
        {
            "hours": {
                "zone": "Europe/Helsinki",
                "holidays": "none",
                "monday": ["13:00-17:00", "08:00 - 12:00"],
                "friday": [],
                "sunday": ["00:00-24:00"],
                "closed": ["12-24", "2026-06-05"],
            }
        },
        "here",
    )
    calendar = settings.calendar()
    assert calendar.zone.key == "Europe/Helsinki"
    assert calendar.country is None
    assert calendar.week[0] == ((time(8), time(12)), (time(13), time(17)))
    assert (calendar.week[4], calendar.week[6]) == ((), ((time.min, time.max),))
    assert calendar.closed == {"12-24", "2026-06-05"}
    friday = from_rfc3339("2026-06-05T09:00:00+03:00")
    assert to_rfc3339(calendar.after(friday, 60)) == "2026-06-06T22:00:00Z"


def test_a_bare_date_is_a_day_off(tmp_path: Path) -> None:
    settings = load(written(tmp_path, "[hours]\nclosed = [2026-06-05]"))
    assert settings.calendar().closed == {"2026-06-05"}


def test_the_default_calendar_stands_in_for_a_name_nobody_gave() -> None:
    settings = Settings()
    assert settings.calendar(None) == settings.calendar("default") == settings.calendar()


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "database = 'sqlite:///here.db'")
    assert load(file).database_url() == "sqlite:///here.db"
    monkeypatch.setenv(DATABASE_VARIABLE, POSTGRES)
    assert load(file).database_url() == POSTGRES
    monkeypatch.setenv(DATABASE_VARIABLE, "")
    assert load(file).database_url() == "sqlite:///here.db"


def test_without_an_address_the_database_is_a_file_of_the_users() -> None:
    address = Settings().database_url()
    assert address.startswith("sqlite:///")
    assert address.endswith("gensvar.db")


@pytest.mark.parametrize(
    "text", ["[brand\nname = 'x'", "name = ", "a = 1\na = 2", "[brand]\nname = 'x\x00'", "<config>"]
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, text: str) -> None:
    assert complaint(tmp_path, text).startswith(" is not valid TOML: ")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes("[brand]\nname = 'Ö'".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"config\.toml is not valid TOML: "):
        load(file)


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml cannot be read: No such file"):
        load(tmp_path / "absent.toml")
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_the_file_named_goes_before_the_one_here_and_that_before_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, home = tmp_path / "here", tmp_path / "home" / "gensvar"
    here.mkdir()
    home.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    users = written(home, "language = 'fi'")
    assert find(None) == users
    local = written(here, "language = 'da'")
    assert find(None) == Path(local.name)
    assert load().language == "da"
    assert find(tmp_path / "other.toml") == tmp_path / "other.toml"


@pytest.mark.parametrize(
    ("database", "file"),
    [
        ("sqlite:///gensvar.db", Path("gensvar.sandbox.db")),
        ("sqlite:////var/lib/desk/nordic.db", Path("/var/lib/desk/nordic.sandbox.db")),
    ],
)
def test_the_sandbox_network_lies_beside_an_sqlite_file(database: str, file: Path) -> None:
    assert Settings(database=database).sandbox_file() == file


@pytest.mark.parametrize(
    "address",
    [
        POSTGRES,
        POSTGRES + "?sslmode=require",
        "postgresql:///gensvar?host=/run/postgresql",
    ],
)
def test_the_sandbox_network_of_a_postgres_carries_the_databases_name(address: str) -> None:
    file = Settings(database=address).sandbox_file()
    assert file.name == "gensvar.sandbox.db"
    assert file.is_absolute()


def test_a_member_of_staff_is_the_users_name_or_the_one_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGNAME", "abc123")
    assert Settings().member_of_staff() == "abc123"
    assert Settings(staff={"abc123": "Anna"}).member_of_staff() == "Anna"
    monkeypatch.setenv("LOGNAME", os.fsdecode(b"bj\xf6rn"))  # Latin-1, where UTF-8 is expected
    assert Settings().member_of_staff() == "bj�rn"


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().brand.name = "Another"


def test_two_accounts_on_one_network_are_refused(tmp_path: Path) -> None:
    block = "[[account]]\nchannel = 'x'\nhandle = 'a'\n"
    assert "two accounts on x" in complaint(tmp_path, block + block)


@pytest.mark.parametrize("cap", ["inf", "nan", "-1", "'ten'"])
def test_a_cap_that_is_no_sum_is_refused(tmp_path: Path, cap: str) -> None:
    assert complaint(tmp_path, f"[x]\ndaily_cap = {cap}").startswith(": x.daily_cap: ")


@pytest.mark.parametrize("service", ["http://bsky.example", "bsky.social", "https://", "ftp://a"])
def test_a_password_never_goes_in_the_clear(tmp_path: Path, service: str) -> None:
    assert "bluesky.service" in complaint(tmp_path, f'[bluesky]\nservice = "{service}"')


def test_a_server_on_this_machine_may_be_called_in_the_clear(tmp_path: Path) -> None:
    for service in ("http://localhost:3583/", "https://pds.tallkotte.se"):
        file = written(tmp_path, f'[bluesky]\nservice = "{service}"')
        assert load(file).bluesky.service == service.rstrip("/")
