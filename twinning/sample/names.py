"""Invented people. Names are combined from common syllables; those of real officials cannot come out, since the given
names of the ones our sources speak of are left out."""

from pathlib import Path

from twinning.facts import texts
from twinning.sample.chance import Chance
from twinning.vietnamese import fold

NAMES = texts(Path(__file__).with_name("names.toml"))
WOMEN = 0.72  # of the teachers


def staff(school):
    """Different names for the teachers of `school`, as many as are asked for."""
    chance = Chance("staff", school.code)
    given = set()
    while True:
        name = _name("women" if chance.happens(WOMEN) else "men", chance)
        if fold(name) not in given:
            given.add(fold(name))
            yield name


def signatory(chance):
    """Somebody who is plainly an example: "Nguyễn Văn Mẫu"."""
    return _name("signatories", chance)


def _name(kind, chance):
    words = NAMES[kind]
    return f"{chance.weighted(NAMES['family'])} {chance.pick(words['middle'])} {chance.pick(words['given'])}"
