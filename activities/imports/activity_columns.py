"""The columns that say what an activity is about, alike in lists of what was held and of what is planned."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ActivityKind
from activities.models.participation import MOST_PER_UNIT
from twinning.imports import cells
from twinning.imports.cells import RowError
from twinning.imports.finder import like_key
from twinning.imports.kind import Column
from twinning.vietnamese import fold, same_key


def count(cell, reading):
    return cells.whole(cell, reading, most=MOST_PER_UNIT)


KIND = Column(
    "kind",
    _("Loại hoạt động"),
    cells.text,
    ("Loại", "Loại hình hoạt động"),
    note=_("Bỏ trống thì lấy từ đầu tên hoạt động."),
    example="Chuyên đề",
)
AGREEMENT = Column(
    "agreement",
    _("Giao ước số"),
    cells.text,
    ("Số giao ước", "Giao ước"),
    note=_("Bỏ trống thì tìm theo cặp đơn vị."),
)
SUBJECT = Column("subject", _("Môn"), cells.text, ("Môn học", "Bộ môn"), example="Toán")
PLACE = Column("place", _("Địa điểm"), cells.limited(200), ("Nơi tổ chức",))
MODE = Column(
    "mode",
    _("Hình thức"),
    cells.choice(Activity.Mode, in_person="truc tiep;tap trung", online="truc tuyen;online;zoom", blended="ket hop"),
    ("Hình thức tổ chức",),
)


class KindsOfActivity:
    """The kinds of activity of a Department's programmes, as cells name them."""

    def __init__(self, department):
        kinds = ActivityKind.objects.filter(programme__department=department)
        self.kinds = {(kind.programme_id, same_key(kind.name)): kind for kind in kinds}

    def of(self, programme):
        return {key: kind for (programme_id, key), kind in self.kinds.items() if programme_id == programme.pk}

    def called(self, programme, text):
        """Raises RowError that offers those there are."""
        ours = self.of(programme)
        if (found := ours.get(same_key(text))) is None:
            offered = ", ".join(kind.name for kind in ours.values())
            raise RowError("kind", _t("Không có loại hoạt động “%s”; phong trào có: %s.") % (text, offered))
        return found

    def begun(self, programme, title):
        """The kind that a title begins with: "Chuyên đề Toán 9 …" is a Chuyên đề. Raises RowError when none does."""
        begun = [item for item in self.of(programme).items() if f"{same_key(title)} ".startswith(f"{item[0]} ")]
        if not begun:
            raise RowError("kind", _t("Thiếu loại hoạt động."))
        return max(begun, key=lambda item: len(item[0]))[1]


def subject_called(finder, text):
    if (found := finder.subjects.get(like_key(text))) is None:
        raise RowError("subject", _t("Không có môn “%s” trong danh mục môn học.") % text)
    return found


def numbered(agreements, number):
    """Those of `agreements` with this number, at least one; raises RowError otherwise."""
    found = [agreement for agreement in agreements if fold(agreement.number) == fold(number)]
    if not found:
        raise RowError("agreement", _t("Không có giao ước đã ký số “%s”.") % number)
    return found
