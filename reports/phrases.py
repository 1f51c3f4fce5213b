"""The names and turns of phrase that the sentences of a report are built of; Vietnamese by law, so without gettext."""

from twinning.models import Agreement, School
from twinning.symbols import formal_name
from twinning.vietnamese import number

Level, Tier = School.Level, Agreement.Tier

MISSING = "chưa có số liệu"
LEVEL_NAMES = {
    Level.PRESCHOOL: "trường mầm non",
    Level.PRIMARY: "trường tiểu học",
    Level.LOWER_SEC: "trường THCS",
    Level.PRIMARY_LOWER: "trường TH&THCS",
    Level.UPPER_SEC: "trường THPT",
    Level.LOWER_UPPER: "trường THCS&THPT",
    Level.ALL_THROUGH: "trường phổ thông liên cấp",
    Level.CONTINUING: "trung tâm GDNN-GDTX",
}
TIER_NAMES = {
    Tier.DISTRICT: "giao ước Phòng – Phòng",
    Tier.SCHOOL: "giao ước trường – trường",
    Tier.SUBJECT: "giao ước bộ môn – bộ môn",
}
COUNT_NAMES = {
    "classes": "lớp",
    "pupils": "học sinh",
    "managers": "cán bộ quản lý",
    "teachers": "giáo viên",
    "staff": "nhân viên",
}
SIZE_HEADS = {"classes": "Lớp", "pupils": "Học sinh", "managers": "CBQL", "teachers": "Giáo viên", "staff": "Nhân viên"}


def and_(parts):
    """a; a và b; a, b và c."""
    parts = list(parts)
    return " và ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def by_level(levels):
    """ "3 trường mầm non, 4 trường tiểu học và 3 trường THCS" from {level: n}."""
    return and_(f"{number(levels[level])} {LEVEL_NAMES[level]}" for level in Level if levels.get(level))


def by_kind(kinds):
    """ "chuyên đề (173); dự giờ, rút kinh nghiệm (107)": names of kinds have commas of their own."""
    return "; ".join(f"{lower(kind['name'])} ({number(kind['activities'])})" for kind in kinds)


def lower(name):
    """The name inside a sentence: "Dự giờ" → "dự giờ", but "STEM" stays."""
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def percent(part, whole):
    return f"{100 * part / whole:.1f}%".replace(".", ",")


def amount(what, vnd):
    """[] or one phrase, so that nothing is said of what did not happen."""
    return [f"{what} {number(vnd)} đồng"] if vnd else []


def party(agreement, side):
    school, district = getattr(agreement, f"{side}_school"), getattr(agreement, f"{side}_district")
    return f"{formal_name(school.name)} ({district})" if school else district.office_name
