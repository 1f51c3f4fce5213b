"""The columns by which a row of teachers, figures, values … names its school."""

from django.utils.translation import gettext_lazy as _

from twinning.imports import cells
from twinning.imports.kind import Column

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
        ),
        example="THCS Tả Thanh Oai",
    ),
    Column(
        "district",
        _("Đơn vị quản lý"),
        cells.text,
        ("Quận huyện", "Huyện", "Quận", "Phòng GD&ĐT", "Phòng GDĐT", "Xã phường", "Phường xã"),
        note=_("Cần khi nhiều trường cùng tên."),
        example="huyện Thanh Trì",
    ),
)


def of_school(school):
    """The cells of these columns for a stored school."""
    return {"code": school.code, "school": school.name, "district": str(school.district)}
