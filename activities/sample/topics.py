"""What sample activities are about, as titles, topics and sentences."""

from activities.sample.kinds import MN, TH, THCS, THPT

# Core subjects come up more often than the others.
CORE = {"Toán", "Ngữ văn", "Tiếng Việt", "Tiếng Anh"}
LEVEL_WORDS = {MN: "mầm non", TH: "tiểu học", THCS: "THCS", THPT: "THPT"}


def invent_title(season, key, level, chance, only=None):
    """(title, subject or "", grade or None) of an activity of kind `key` for schools of `level`; `only`: the subject of
    an agreement between groups of one subject."""
    texts = season.texts
    if level == MN and key in texts["preschool"]["titles"]:
        title = chance.pick(texts["preschool"]["titles"][key])
        return title.format(topic=chance.pick(texts["preschool"]["topics"])), "", None
    if key not in texts["subject_titles"]:
        return chance.pick(texts["titles"][key]).format(level=LEVEL_WORDS[level]), "", None
    subjects = texts["subjects"][level]
    if key == "on_thi":
        subject, grade = only or chance.pick(season.exam.subjects), season.exam.grade
    else:
        subject = only or chance.weighted({name: 3 if name in CORE else 1 for name in subjects})
        grade = chance.number(*subjects[subject]["grades"])
    topic = chance.pick(subjects[subject]["topics"])
    title = chance.pick(texts["subject_titles"][key]).format(subject=subject, grade=grade, topic=topic)
    return title, subject, grade


def invent_results(season, group, level, chance):
    is_lesson = level == MN and group == "professional"
    return chance.pick(season.texts["results"]["preschool" if is_lesson else group])


def invent_next_steps(season, level, chance):
    return chance.pick(season.texts["next_steps"]["preschool" if level == MN else "pupils"])
