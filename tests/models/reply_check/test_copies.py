"""Copies among very many: keys that copies share and others do not, and a look-up that is quick."""

import random
import sqlite3
import time

from models.reply_check.copies import ALIKE, fingerprint, similarity

BASE = (
    "Hej Karin, vi beklagar att din leverans till Umeå blev {late} dagar sen. Bilen gick sönder"
    " i Sala och lasten fick läggas om på kvällen. Ditt paket {number} är på väg nu. /Anna"
)
WORDS = (
    *("bilen", "tåget", "paketet", "lagret", "kunden", "felet", "kabeln", "väntan", "priset"),
    *("kortet", "räkningen", "skorna", "soffan", "lampan", "bordet", "i", "på", "vid", "under"),
    *("efter", "innan", "lagades", "byttes", "hittades", "gick", "kom", "blev", "snabbt", "sent"),
    *("igen", "idag", "nu", "Umeå", "Lund", "Gävle", "Kalmar", "och", "men", "när", "så", "att"),
)


def reply(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=30))


def test_names_numbers_links_handles_and_signatures_make_no_difference() -> None:
    one = BASE.format(late=5, number=71).replace("Anna", "Bo")
    other = BASE.format(late=12, number=922).replace("Karin", "Olle")
    assert similarity(one, other, ("Karin", "Olle")) >= ALIKE
    assert set(fingerprint(one, ("Karin",))) & set(fingerprint(other, ("Olle",)))


def test_short_ones_are_alike_only_when_the_same() -> None:
    assert similarity("Tack, Karin!", "Tack, Olle!", ("Karin", "Olle")) == 1
    assert similarity("Tack så mycket!", "Tack snälla du!") == 0
    assert similarity("", "") == 0
    assert fingerprint("Tack, Karin!", ("Karin",)) == fingerprint("Tack, Olle!", ("Olle",))
    assert fingerprint("") == ()


def test_keys_are_integers_a_database_can_hold_and_the_same_in_every_run() -> None:
    keys = fingerprint(BASE)
    assert all(0 <= key < 2**63 for key in keys)
    assert fingerprint("Tack så mycket!") == (5209921003413990133,)


def test_replies_just_alike_enough_share_a_key_nearly_always() -> None:
    chance, found, tried = random.Random(7), 0, 0
    while tried < 200:
        words = reply(chance).split() + reply(chance).split()
        changed = list(words)
        for place in chance.sample(range(len(words)), 2):
            changed[place] = chance.choice(WORDS)
        one, other = " ".join(words), " ".join(changed)
        if similarity(one, other) >= ALIKE:
            tried += 1
            found += bool(set(fingerprint(one)) & set(fingerprint(other)))
    assert found >= 196


def test_a_draft_meets_its_copies_among_a_hundred_thousand() -> None:
    chance = random.Random(11)
    db = sqlite3.connect(":memory:")
    db.execute("create table band (key integer, reply integer)")
    texts = [reply(chance) for _ in range(2_000)]
    keys = [fingerprint(text) for text in texts]
    rows = (
        (key + spread * 7919, number)
        for spread in range(50)
        for number, ks in enumerate(keys)
        for key in ks
    )
    db.executemany(
        "insert into band values (?, ?)", ((key % 2**63, number) for key, number in rows)
    )
    db.executemany("insert into band values (?, 100000)", ((key,) for key in fingerprint(BASE)))
    db.execute("create index by_key on band (key)")
    began = time.process_time()
    mine = fingerprint(BASE.replace("Sala", "Lund"), ())
    marks = ",".join("?" * len(mine))
    near = {row[0] for row in db.execute(f"select reply from band where key in ({marks})", mine)}
    alike = [
        number
        for number in near
        if similarity(BASE, BASE if number == 100000 else texts[number]) >= ALIKE
    ]
    took = time.process_time() - began
    assert alike == [100000]
    assert len(near) < 100
    assert took < 0.1
