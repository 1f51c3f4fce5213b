"""Import of help between units: one gift a row, pledged or delivered already."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import Support, SupportEvent
from twinning import access
from twinning.imports import cells
from twinning.imports.cells import RowError, each
from twinning.imports.kind import CHANGE, CREATE, Column, Kind
from twinning.imports.school_columns import party_words
from twinning.imports.wide import Spread
from twinning.models import Agreement
from twinning.vietnamese import fold, money, same_key

Status = Support.Status
KIND_WORDS = {
    "cash": "tien mat;tien;chuyen khoan",
    "books": "sach;sach vo;sach giao khoa;hoc lieu;truyen",
    "devices": "thiet bi;may moc;may tinh;trang thiet bi",
    "in_kind": "hien vat;vat chat;qua",
    "scholarship": "hoc bong",
    "free_class": "lop hoc mien phi;day mien phi",
    "sponsorship": "do dau;do dau hoc sinh;nhan do dau",
}
SOURCE_WORDS = {"own": "noi luc;nha truong", "community": "xa hoi hoa;xhh;van dong"}
DETAILS = (
    "kind",
    "value_vnd",
    "source",
    "donor",
    "quantity",
    "unit",
    "estimate_note",
    "pupils_helped",
    "note",
    "delivered_on",
)


def count(cell, reading):
    return cells.whole(cell, reading, most=10**9)


def _unit_columns(side, words, example, *more):
    """The columns that name one party, called `words` here and one of `more` elsewhere."""
    code, school, district = example
    also = party_words(words, *more)
    return (
        Column(f"{side}_code", _("Mã trường %s") % words, cells.code, (f"Mã bên {words}", *also["code"]), example=code),
        Column(
            f"{side}_school",
            _("Trường %s") % words,
            cells.text,
            also["school"],
            example=school,
        ),
        Column(
            f"{side}_district",
            _("Đơn vị quản lý bên %s") % words,
            cells.text,
            also["district"],
            note=_("Bỏ trống tên trường thì Phòng, xã là bên %s.") % words,
            example=district,
        ),
    )


class Supports(Kind):
    slug, command, icon = "ho-tro", "support", "heart-handshake"
    title = _("Khoản hỗ trợ")
    intro = _("Tiền, hiện vật, học bổng, lớp học miễn phí, đỡ đầu. Có ngày trao thì được ghi là đã trao.")
    roles = access.IMPORT_ROLES_SCHOOL
    columns = (
        *_unit_columns(
            "giver",
            "trao",
            ("01020501", "THCS Tả Thanh Oai", "huyện Thanh Trì"),
            "hỗ trợ",
            "giúp đỡ",
            "giúp",
            "tặng",
        ),
        *_unit_columns(
            "receiver",
            "nhận",
            ("01277501", "THCS Đại Yên", "huyện Chương Mỹ"),
            "nhận hỗ trợ",
            "được hỗ trợ",
            "được giúp đỡ",
            "được giúp",
            "được tặng",
        ),
        Column(
            "kind",
            _("Hình thức"),
            cells.choice(Support.Kind, **KIND_WORDS),
            ("Loại hỗ trợ", "Hình thức hỗ trợ"),
            is_required=True,
        ),
        Column(
            "title",
            _("Nội dung hỗ trợ"),
            cells.limited(250),
            ("Nội dung", "Tên khoản hỗ trợ"),
            is_required=True,
            example="20 bộ sách giáo khoa lớp 6",
        ),
        Column(
            "value_vnd",
            _("Giá trị (đồng)"),
            cells.amount,
            ("Giá trị", "Số tiền", "Trị giá", "Thành tiền", "Kinh phí", "Tổng giá trị", "Quy ra tiền"),
            is_required=True,
            example=6_000_000,
        ),
        Column("pledged_on", _("Ngày cam kết"), cells.day, ("Ngày đăng ký",), example="1/10/2023"),
        Column("delivered_on", _("Ngày trao"), cells.day, ("Ngày hỗ trợ", "Ngày", "Thời gian"), example="20/10/2023"),
        Column("source", _("Nguồn"), cells.choice(Support.Source, **SOURCE_WORDS), ("Nguồn kinh phí",)),
        Column(
            "donor",
            _("Nhà ủng hộ"),
            cells.limited(150),
            ("Nhà tài trợ", "Đơn vị ủng hộ", "Đơn vị tài trợ"),
            note=_("Tên tổ chức, của nguồn xã hội hoá. Cá nhân: ghi “cá nhân”, không ghi tên."),
        ),
        Column("quantity", _("Số lượng"), count, example=20),
        Column("unit", _("Đơn vị tính"), cells.limited(30), ("ĐVT",), example="bộ"),
        Column(
            "estimate_note",
            _("Cách ước giá trị"),
            cells.limited(250),
            note=_("Bắt buộc với hiện vật."),
            example="theo giá bìa",
        ),
        Column("pupils_helped", _("Số học sinh được giúp"), count, ("Số học sinh", "Số HS được giúp")),
        Column("agreement", _("Giao ước số"), cells.text, ("Số giao ước", "Giao ước")),
        Column("note", _("Ghi chú"), cells.prose),
    )

    # "Tiền mặt | Hiện vật quy ra tiền" as two columns of amounts; only such whole headers, not "Số lượng hiện vật".
    spread = Spread(
        {fold(word): ("kind", kind) for kind, words in KIND_WORDS.items() for word in words.split(";")},
        cells=("value_vnd",),
        fillers=frozenset(fold("hình thức hỗ trợ trong đó quy ra thành bằng").split()),
    )

    def load(self, rows):
        self.there = {}
        for support in self._stored().order_by("pk"):
            self.there.setdefault(_key(support), []).append(support)
        signed = Agreement.objects.signed().filter(programme__department=self.department)
        self.agreements = list(signed.for_list().order_by("pk"))
        self.seat, self.seen = access.seat(self.user), {}

    def plan(self, row):
        wanted = self._support(row)
        key = _key(wanted)
        # Money and things of one gift, in columns of their own, are two gifts under one title.
        mark = (*key, wanted.kind) if "kind" in row.part.given else key
        if mark in self.seen:
            raise RowError("title", _t("Trùng với dòng %d của tệp.") % self.seen[mark])
        label = f"{wanted.title} · {wanted.giver} → {wanted.receiver} · {money(wanted.value_vnd)}"
        same = self.there.get(key, ())
        if mark != key or len(same) > 1:
            same = [support for support in same if support.kind == wanted.kind] or (same if mark == key else [])
        if len(same) > 1:
            raise RowError("title", _t("Cổng đang có %d khoản cùng tên, cùng ngày của hai bên này.") % len(same))
        self.seen[mark] = row.number
        if not same:
            if not self.covers(wanted.giver_school, wanted.giver_district):
                raise RowError("giver_school", _t("“%s” không thuộc đơn vị của thầy/cô.") % wanted.giver)
            self._check(wanted)
            row.create(wanted, label)
            return
        [there] = same
        changes = {name: row.get(name) for name in DETAILS}
        if wanted.delivered_on and there.status == Status.PLEDGED:
            changes["status"] = wanted.status
        if row.get("agreement"):
            changes["agreement"] = wanted.agreement
        row.compare(there, there, changes, label)
        if row.action == CHANGE:
            self._require_right_to_change(there)
            self._check_changed(there, row.item[1])

    def write(self, items, journal, progress):
        new = journal.create(item for action, item in items if action == CREATE)
        changed = [item for action, item in items if action == CHANGE]
        before = {there.pk: there.status for there, _values in changed}
        journal.change_many(changed)
        events = [self.event(SupportEvent, support, "create") for support in new]
        for there, _values in changed:
            old = before[there.pk]
            events.append(self.event(SupportEvent, there, "edit" if old == there.status else "deliver", before=old))
        journal.create(events)
        self.note_history(journal, new, update=False)
        self.note_history(journal, [there for there, _values in changed], update=True)

    def present(self):
        own = self._stored().filter(pk__in=Support.objects.visible_to(self.user).values("pk"))
        for support in own.order_by("pledged_on", "pk").iterator(chunk_size=2000):
            row = {name: getattr(support, name) for name in (*DETAILS, "title", "pledged_on")}
            row |= {"kind": support.get_kind_display(), "source": support.get_source_display()}
            row["agreement"] = support.agreement and support.agreement.number
            for side in ("giver", "receiver"):
                school = getattr(support, f"{side}_school")
                row |= {f"{side}_code": school.code, f"{side}_school": school.name} if school else {}
                row[f"{side}_district"] = str(school.district if school else getattr(support, f"{side}_district"))
            yield row

    def _stored(self):
        stored = Support.objects.filter(programme__department=self.department).exclude(status=Status.CANCELLED)
        return stored.for_list().select_related(
            "programme", "agreement", "giver_school__district", "receiver_school__district"
        )

    # --- one row ----------------------------------------------------------------------------------------------------

    def _support(self, row):
        """What the row says, not stored."""
        pledged_on = row.get("pledged_on") or row.get("delivered_on")
        if pledged_on is None:
            raise RowError("delivered_on", _t("Cần ngày cam kết hoặc ngày trao."))
        day = row.get("delivered_on") or pledged_on
        parties = each(lambda: self._party(row, "giver", day), lambda: self._party(row, "receiver", day))
        given = {name: row.get(name) for name in DETAILS if row.get(name) is not None}
        programme = self.programme(row, day)
        given |= parties[0] | parties[1]
        support = Support(programme=programme, title=row.values["title"], pledged_on=pledged_on, **given)
        support.agreement = self._agreement(row, support)
        if support.delivered_on:
            is_ours = self.covers(support.receiver_school, support.receiver_district)
            support.status = Status.RECEIVED if is_ours else Status.DELIVERED
        support.set_keys()
        return support

    def _party(self, row, side, day):
        school, district = self.party(row, f"{side}_", day)
        if district is None and side == "giver":
            school = self.seat.school
            district = self.finder.unit_of(school, day) if school else self.seat.district
        if district is None:
            raise RowError(f"{side}_school", _t("Thiếu bên %s.") % (_t("trao") if side == "giver" else _t("nhận")))
        return {f"{side}_school": school, f"{side}_district": district}

    def _agreement(self, row, support):
        number = row.get("agreement")
        if number is None:
            return None
        called = [
            a for a in self.agreements if fold(a.number) == fold(number) and a.programme_id == support.programme_id
        ]
        if not called:
            raise RowError("agreement", _t("Không có giao ước đã ký số “%s”.") % number)
        # Numbers repeat from unit to unit; that of a pair of schools says more than that of their offices.
        called.sort(key=lambda agreement: agreement.tier == Agreement.Tier.DISTRICT)
        return next((one for one in called if support.stranger_to(one) is None), called[0])

    def _check(self, support):
        self.clean(support)
        if support.delivered_on and support.delivered_on < support.pledged_on:
            raise RowError("delivered_on", _t("Ngày trao không thể trước ngày cam kết."))

    def _check_changed(self, there, values):
        before = {name: getattr(there, name) for name in values}
        for name, value in values.items():
            setattr(there, name, value)
        try:
            self._check(there)
        finally:
            for name, value in before.items():
                setattr(there, name, value)

    def _require_right_to_change(self, there):
        if access.leads_department(self.user, self.department.pk):
            return
        if not access.gives_support(self.user, there):
            raise RowError("giver_school", _t("Khoản này do bên trao ghi; bên đó sửa được."))
        if there.status != Status.PLEDGED:
            raise RowError("", _t("Khoản này đã trao nên không sửa bằng tệp được; hãy nhờ Sở sửa."))


def _key(support):
    giver = ("school", support.giver_school_id) if support.giver_school_id else ("unit", support.giver_district_id)
    receiver = support.receiver_school_id or -support.receiver_district_id
    return giver, receiver, same_key(support.title), support.pledged_on
