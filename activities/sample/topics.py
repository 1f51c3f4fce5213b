"""What sample activities are about, as titles, topics and sentences."""

from pathlib import Path

from activities.sample.kinds import MN, TH, THCS
from twinning.facts import texts

TEXTS = texts(Path(__file__).with_name("topics.toml"))
# Core subjects come up more often than the others.
CORE = {"Toán", "Ngữ văn", "Tiếng Việt", "Tiếng Anh"}
EXAM_SUBJECTS = ["Ngữ văn", "Toán", "Tiếng Anh"]
LEVEL_WORDS = {MN: "mầm non", TH: "tiểu học", THCS: "THCS"}


def invent_title(key, level, chance):
    """(title, subject or "", grade or None) of an activity of kind `key` for schools of `level`."""
    if level == MN and key in TEXTS["preschool"]["titles"]:
        title = chance.pick(TEXTS["preschool"]["titles"][key])
        return title.format(topic=chance.pick(TEXTS["preschool"]["topics"])), "", None
    if key not in TEXTS["subject_titles"]:
        return chance.pick(TEXTS["titles"][key]).format(level=LEVEL_WORDS[level]), "", None
    subjects = TEXTS["subjects"][level]
    if key == "on_thi":
        subject, grade = chance.pick(EXAM_SUBJECTS), 9
    else:
        subject = chance.weighted({name: 3 if name in CORE else 1 for name in subjects})
        grade = chance.number(*subjects[subject]["grades"])
    topic = chance.pick(subjects[subject]["topics"])
    title = chance.pick(TEXTS["subject_titles"][key]).format(subject=subject, grade=grade, topic=topic)
    return title, subject, grade


def invent_results(group, level, chance):
    is_lesson = level == MN and group == "professional"
    return chance.pick(TEXTS["results"]["preschool" if is_lesson else group])


def invent_next_steps(level, chance):
    return chance.pick(TEXTS["next_steps"]["preschool" if level == MN else "pupils"])
