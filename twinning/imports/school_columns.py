"""The columns by which a row of teachers, figures, values … names its school."""

from django.utils.translation import gettext_lazy as _

from twinning.imports import cells
from twinning.imports.kind import Column

DISTRICT_WORDS = (
    "Quận huyện",
    "Quận, huyện, thị xã",
    "Quận huyện TX",
    "Huyện TX",
    "Huyện thị",
    "Huyện",
    "Quận",
    "Phòng GD&ĐT",
    "Phòng GDĐT",
    "Phòng GD",
    "Phòng Giáo dục",
    "Phòng",
    "Tên huyện",
    "Tên quận huyện",
    "Tên phòng",
    "Xã phường",
    "Phường xã",
    "Cơ quan quản lý",
    "Đơn vị chủ quản",
    "Quận huyện cũ",
    "Huyện cũ",
    "Quận cũ",
    "Đơn vị quản lý cũ",
    "Đơn vị quản lý hiện nay",
    "Thuộc Phòng GD&ĐT",
    "Thuộc Phòng GDĐT",
    "Thuộc huyện",
    "Thuộc quận huyện",
    "Thuộc đơn vị",
    "Trực thuộc",
    "Đơn vị quản lý mới",
)
SCHOOL_COLUMNS = (
    Column(
        "code",
        _("Mã trường"),
        cells.code,
        ("Mã đơn vị", "Mã cơ sở giáo dục", "Mã CSGD", "Mã trường học"),
        note=_("Có mã thì không cần đúng từng chữ của tên."),
        example="01020501",
    ),
    Column(
        "school",
        _("Tên trường"),
        cells.text,
        (
            "Trường",
            "Đơn vị",
            "Tên đơn vị",
            "Đơn vị công tác",
            "Cơ sở giáo dục",
            "Tên cơ sở giáo dục",
            "Trường học",
            "Tên trường học",
            "Tên cơ sở GDMN",
            "Tên trường hiện nay",
            "Đơn vị tham gia",
            "Trường tham gia",
            "Thành phần tham dự",
            "Thành phần tham gia",
            "Thành phần",
            "Nơi công tác",
            "Trường đang công tác",
            "Đơn vị đang công tác",
            "Trường công tác",
            "Cơ quan",
        ),
        example="THCS Tả Thanh Oai",
    ),
    Column(
        "district",
        _("Đơn vị quản lý"),
        cells.text,
        DISTRICT_WORDS,
        note=_("Cần khi nhiều trường cùng tên."),
        example="huyện Thanh Trì",
    ),
)


def of_school(school):
    """The cells of these columns for a stored school."""
    return {"code": school.code, "school": school.name, "district": str(school.district)}


def school_said(kind, titles):
    """What the titles of a sheet say about whose rows these are: the unit ("PHÒNG GD&ĐT …"), the school."""
    district = kind.finder.unit_said(titles)
    said = {"district": district, "school": kind.finder.school_said(titles, district)}
    return {name: text for name, text in said.items() if text}


def party_words(*sides):
    """Other headers of the columns of a party: {"code", "school", "district"} → words, for each way to call the side
    ("hỗ trợ", "giúp đỡ")."""
    bodies = ("Bên", "Đơn vị", "Trường")
    below = {
        "code": ("Mã trường", "Mã"),
        "school": ("Tên trường", "Trường", "Tên đơn vị"),
        "district": ("Quận huyện", "Huyện", "Phòng GD&ĐT", "Phòng", "Đơn vị quản lý"),
    }
    above = [f"{body} {side}" for side in sides for body in bodies]
    words = {part: [f"{head} {half}" for head in above for half in halves] for part, halves in below.items()}
    words["code"] += [f"Mã trường {side}" for side in sides]
    words["school"] += [*above, *(f"Tên trường {side}" for side in sides), *(f"Tên đơn vị {side}" for side in sides)]
    words["district"] += [
        f"{body} {side}" for side in sides for body in ("Phòng", "Quận huyện", "Phòng GD&ĐT", "Huyện")
    ]
    return {part: tuple(many) for part, many in words.items()}
