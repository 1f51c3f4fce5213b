"""Import of managing units: districts of before 1 July 2025, wards and communes since, school clusters."""

import re

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning.imports import cells
from twinning.imports.cells import RowError
from twinning.imports.kind import Column, Kind, Skipped
from twinning.models import District
from twinning.vietnamese import same_key

KIND_WORDS = {
    "quan": "quan;q",
    "huyen": "huyen;h",
    "thi_xa": "thi xa;tx",
    "thanh_pho": "thanh pho;tp",
    "phuong": "phuong;p",
    "xa": "xa;x",
    "cum": "cum truong;cum",
}
read_kind = cells.choice(District.Kind, **KIND_WORDS)
OFFICE = {District.Kind.WARD: "Ủy ban nhân dân", District.Kind.COMMUNE: "Ủy ban nhân dân"}


class Units(Kind):
    slug, command, icon = "don-vi", "units", "building-community"
    title = _("Đơn vị quản lý")
    intro = _("Quận, huyện, thị xã trước 1/7/2025; xã, phường từ 1/7/2025; cụm trường.")
    columns = (
        Column(
            "code",
            _("Mã đơn vị"),
            cells.code,
            ("Mã", "Mã huyện", "Mã xã", "Mã quận huyện", "Mã xã phường", "Mã phường xã", "Mã ĐVHC", "Mã số"),
            True,
            example="10015",
        ),
        Column(
            "name",
            _("Tên đơn vị"),
            cells.limited(80),
            (
                "Đơn vị",
                "Tên",
                "Tên xã",
                "Tên huyện",
                "Quận huyện",
                "Xã phường",
                "Tên quận huyện",
                "Tên phường xã",
                "Tên xã phường",
                "Phường xã",
                "Tên đơn vị hành chính",
                "Tên ĐVHC",
                "Tên ĐVHC cấp xã",
                "Tên ĐVHC cấp xã mới",
                "Tên đơn vị hành chính cấp xã",
                "Tên đơn vị hành chính cấp xã mới",
                "Tên phường xã mới",
                "Tên xã phường mới",
                "Phường",
                "Xã",
            ),
            True,
            _("Có thể ghi cả loại: xã Thanh Trì."),
            example="xã Thanh Trì",
        ),
        Column("kind", _("Loại"), read_kind, ("Loại đơn vị", "Cấp"), note=_("Bỏ trống thì lấy từ tên.")),
        Column("zone", _("Khu vực"), cells.choice(District.Zone), note=_("Nội thành hoặc ngoại thành.")),
        Column(
            "office_name", _("Tên cơ quan"), cells.limited(150), ("Tên phòng",), example="Ủy ban nhân dân xã Thanh Trì"
        ),
        Column("symbol", _("Ký hiệu"), cells.limited(30), note=_("Ghi ở số văn bản.")),
        Column("valid_from", _("Có từ ngày"), cells.day, ("Ngày thành lập", "Từ ngày"), example="01/07/2025"),
        Column("valid_to", _("Đến hết ngày"), cells.day, ("Ngày kết thúc",)),
    )

    def load(self, rows):
        self.by_code = {district.code: district for district in self.finder.districts}
        self.by_name = {(d.kind, same_key(d.name)): d for d in self.finder.districts if d.valid_to is None}
        self.seen = {}

    def plan(self, row):
        kind, name = _kind_and_name(row)
        if row.values["code"] in self.seen:
            raise RowError("code", _t("Mã trùng với dòng %d của tệp.") % self.seen[row.values["code"]])
        self.seen[row.values["code"]] = row.number
        wanted = {
            "name": name,
            "kind": kind,
            **{key: row.get(key) for key in ("zone", "office_name", "symbol", "valid_from", "valid_to")},
        }
        there = self.by_code.get(row.values["code"])
        if there is not None:
            if same_key(there.name) == same_key(name):
                del wanted["name"]
            starts, ends = (wanted[key] or getattr(there, key) for key in ("valid_from", "valid_to"))
            _check_days(starts, ends)
            row.compare(there, there, wanted, f"{there} · {there.code}")
            return
        if twin := self.by_name.get((kind, same_key(name))):
            raise RowError(
                "code", _t("“%(unit)s” đã có với mã %(code)s. Hãy sửa mã cho khớp.") % {"unit": twin, "code": twin.code}
            )
        _check_days(row.get("valid_from"), row.get("valid_to"))
        district = District(
            department=self.department,
            code=row.values["code"][:12],
            **{key: value for key, value in wanted.items() if value is not None},
        )
        if not district.office_name:
            district.office_name = f"{OFFICE.get(kind, 'Phòng Giáo dục và Đào tạo')} {district}"
        if "symbol" not in row.values and kind in OFFICE:
            district.symbol = "UBND"
        district.set_keys()
        district.clean_fields(exclude=["department"])
        row.create(district, f"{district} · {district.code}")

    def present(self):
        for district in self.finder.districts:
            yield {column.name: getattr(district, column.name) for column in self.columns} | {"name": str(district)}


def _kind_and_name(row):
    """The kind and the bare name, from "Loại" or from the words in front: "Phường Ba Đình" → phường, Ba Đình."""
    text = row.values["name"]
    if same_key(text).split()[:1] == ["sgd"]:
        raise Skipped(_t("là Sở, không phải đơn vị quản lý bên dưới"))
    text = _OFFICE_IN_FRONT.sub("", text)
    kind, words = row.get("kind"), text.split()
    for taken in (2, 1):
        front = " ".join(words[:taken]).rstrip(".")
        if len(words) > taken:
            try:
                found = read_kind(front, cells.Reading())
            except cells.CellError:
                continue
            if kind in (None, found):
                return found, " ".join(words[taken:])
    if kind is None:
        raise RowError("kind", _t("Không rõ loại đơn vị. Hãy ghi quận, huyện, thị xã, phường hoặc xã."))
    return kind, text


# A list of offices is a list of their units: "Phòng GD&ĐT huyện Ba Vì" is huyện Ba Vì.
_OFFICE_IN_FRONT = re.compile(
    r"^(phòng (gd|giáo dục)( ?[&và]* ?(đt|đào tạo))?|ubnd|[uủ][yỷ] ban nhân dân)\s+", re.IGNORECASE
)


def _check_days(starts, ends):
    if starts and ends and ends < starts:
        raise RowError("valid_to", _t("Ngày kết thúc phải sau ngày bắt đầu."))
