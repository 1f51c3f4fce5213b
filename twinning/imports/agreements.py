"""Import of agreements, most of them signed on paper long before: two districts or two schools a row."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.imports import cells
from twinning.imports.cells import RowError
from twinning.imports.kind import CHANGE, CREATE, Column, Kind
from twinning.imports.school_columns import party_words
from twinning.models import Agreement, AgreementEvent
from twinning.vietnamese import fold

Status, Tier = Agreement.Status, Agreement.Tier
SIDES = ("supporting", "supported")
SIDE_WORDS = {  # what offices call the two sides besides
    "supporting": ("giúp đỡ", "giúp", "nhận giúp đỡ", "đỡ đầu"),
    "supported": ("được giúp đỡ", "được giúp", "nhận hỗ trợ", "nhận sự giúp đỡ", "được đỡ đầu"),
}
TIER_WORDS = {
    "district": "phong;phong phong;quan huyen;cap phong;don vi;xa;phuong",
    "school": "truong;truong truong;cap truong",
}
WORDING = (
    "number",
    "signed_at",
    "direction",
    "objectives",
    *(f"{side}_{what}" for side in SIDES for what in ("signatory", "position")),
)


def _party_columns(side, words, example):
    """The columns that name one party; `words` is what the side is called."""
    code, school, district = example
    also = party_words(words, *SIDE_WORDS[side])
    return (
        Column(
            f"{side}_code", _("Mã trường %s") % words, cells.code, (_("Mã %s") % words, *also["code"]), example=code
        ),
        Column(
            f"{side}_school",
            _("Trường %s") % words,
            cells.text,
            also["school"],
            example=school,
        ),
        Column(
            f"{side}_district",
            _("Đơn vị %s") % words,
            cells.text,
            also["district"],
            note=_("Đủ cho giao ước Phòng – Phòng; với trường thì cần khi nhiều trường cùng tên."),
            example=district,
        ),
    )


def _signing_columns(side, words):
    return (
        Column(f"{side}_signatory", _("Người ký bên %s") % words, cells.limited(120), (f"Đại diện bên {words}",)),
        Column(f"{side}_position", _("Chức vụ người ký bên %s") % words, cells.limited(120), (f"Chức vụ bên {words}",)),
    )


class Agreements(Kind):
    slug, command, icon = "giao-uoc", "agreements", "file-certificate"
    title = _("Giao ước")
    intro = _("Giao ước Phòng – Phòng và trường – trường; có ngày ký thì được ghi là đã ký, không thì là bản nháp.")
    roles = access.IMPORT_ROLES_DISTRICT
    columns = (
        Column(
            "tier",
            _("Cấp giao ước"),
            cells.choice(Tier, **TIER_WORDS),
            ("Cấp", "Loại giao ước"),
            note=_("Bỏ trống: có tên trường là giao ước trường – trường."),
        ),
        *_party_columns("supporting", "hỗ trợ", ("01020501", "THCS Tả Thanh Oai", "huyện Thanh Trì")),
        *_party_columns("supported", "được hỗ trợ", ("01277501", "THCS Đại Yên", "huyện Chương Mỹ")),
        Column(
            "number",
            _("Số, ký hiệu"),
            cells.limited(60),
            ("Số giao ước", "Số", "Số hiệu", "Số văn bản"),
            example="05/BGN-THCS",
        ),
        Column(
            "signed_on",
            _("Ngày ký"),
            cells.day,
            ("Ngày ký kết", "Ký ngày", "Ngày tháng năm ký", "Ngày tháng ký", "Thời gian ký"),
            example="15/4/2023",
        ),
        Column("signed_at", _("Nơi ký"), cells.limited(150), ("Địa điểm ký",)),
        Column("starts_on", _("Thực hiện từ ngày"), cells.day, ("Từ ngày", "Ngày bắt đầu"), example="15/4/2023"),
        Column("ends_on", _("Đến hết ngày"), cells.day, ("Đến ngày", "Ngày kết thúc"), example="31/5/2025"),
        Column("direction", _("Chiều hỗ trợ"), cells.choice(Agreement.Direction), ("Chiều",)),
        Column("objectives", _("Mục tiêu, cam kết"), cells.prose, ("Mục tiêu", "Nội dung", "Nội dung cam kết")),
        *_signing_columns("supporting", "hỗ trợ"),
        *_signing_columns("supported", "được hỗ trợ"),
        Column("programme", _("Phong trào"), cells.text, note=_("Bỏ trống thì lấy theo ngày ký.")),
    )

    def load(self, rows):
        stored = Agreement.objects.filter(programme__department=self.department).exclude(status=Status.WITHDRAWN)
        self.by_pair = {}
        for agreement in stored.for_list().order_by("pk"):
            self.by_pair.setdefault((agreement.programme_id, agreement.pair_key), []).append(agreement)
        self.seen = {}

    def plan(self, row):
        day = row.get("signed_on") or row.get("starts_on")
        agreement = self._pair(row, self.programme(row, day), day)
        there = self._there(row, agreement)
        mark = there.pk if there else (agreement.programme_id, agreement.pair_key)
        if mark in self.seen:
            raise RowError(
                "supported_school" if agreement.supported_school_id else "supported_district",
                _t("Cặp này đã có ở dòng %d của tệp (hai bên đổi chỗ cũng là một cặp).") % self.seen[mark],
            )
        self.seen[mark] = row.number
        label = " · ".join(filter(None, [agreement.get_tier_display(), agreement.pair, row.get("number")]))
        if there is None:
            self._check(agreement)
            row.create(agreement, label)
            return
        days = ("signed_on", "starts_on", "ends_on")
        wanted = {name: row.get(name) for name in (*WORDING, *days)}
        if row.get("signed_on") and there.status not in Status.once_signed():
            wanted["status"] = Status.SIGNED
        row.compare(there, there, wanted, label)
        if row.action == CHANGE:
            self._require_right_to_change(there)
            there_then = {name: getattr(there, name) for name in row.item[1]}
            _set(there, row.item[1])
            try:
                there.clean()
            finally:
                _set(there, there_then)

    def write(self, items, journal, progress):
        """Districts first: a school agreement lies below the one its districts signed."""
        new = [item for action, item in items if action == CREATE]
        changed = [item for action, item in items if action == CHANGE]
        before = {there.pk: there.status for there, _values in changed}
        journal.change_many(changed)
        of_districts = journal.create(agreement for agreement in new if agreement.tier == Tier.DISTRICT)
        umbrellas = self._umbrellas(of_districts)
        of_schools = [agreement for agreement in new if agreement.tier == Tier.SCHOOL]
        for agreement in of_schools:
            agreement.umbrella = umbrellas.get(_districts(agreement))
        journal.create(of_schools)
        below = [
            (agreement, {"umbrella_id": umbrellas[_districts(agreement)].pk})
            for agreement in self._stored()
            if agreement.tier == Tier.SCHOOL and agreement.umbrella_id is None and _districts(agreement) in umbrellas
        ]
        journal.change_many(below)
        made = of_districts + of_schools
        touched = {agreement.pk: agreement for agreement, _values in changed + below}
        events = [self.event(AgreementEvent, agreement, "create") for agreement in made]
        for agreement, _values in changed:
            old = before[agreement.pk]
            events.append(
                self.event(AgreementEvent, agreement, "sign" if old != agreement.status else "edit", before=old)
            )
        journal.create(events)
        self.note_history(journal, made, update=False)
        self.note_history(journal, list(touched.values()), update=True)

    def present(self):
        stored = Agreement.objects.filter(programme__department=self.department).exclude(status=Status.WITHDRAWN)
        for agreement in stored.for_list().order_by("tier", "pk").iterator(chunk_size=2000):
            if self._is_ours(agreement):
                row = {name: getattr(agreement, name) for name in (*WORDING, "signed_on", "starts_on", "ends_on")}
                row |= {"direction": agreement.get_direction_display(), "tier": agreement.get_tier_display()}
                row["programme"] = agreement.programme.name
                for side in SIDES:
                    school = getattr(agreement, f"{side}_school")
                    row |= {f"{side}_code": school.code, f"{side}_school": school.name} if school else {}
                    district = school.district if school else getattr(agreement, f"{side}_district")
                    row[f"{side}_district"] = str(district)
                yield row

    # --- one row ----------------------------------------------------------------------------------------------------

    def _pair(self, row, programme, day):
        """The agreement this row means, not stored: its parties checked, the rest filled."""
        parties = {}
        for side in SIDES:
            school, district = self.party(row, f"{side}_", day or programme.starts_on)
            if district is None:
                raise RowError(f"{side}_district", _t("Thiếu đơn vị hoặc trường của một bên."))
            parties |= {f"{side}_school": school, f"{side}_district": district}
        schools = [side for side in SIDES if parties[f"{side}_school"]]
        tier = row.get("tier") or (Tier.SCHOOL if schools else Tier.DISTRICT)
        if tier == Tier.SCHOOL and len(schools) < 2:
            lacking = next(side for side in SIDES if side not in schools)
            raise RowError(f"{lacking}_school", _t("Giao ước trường – trường cần tên hoặc mã trường ở cả hai bên."))
        if tier == Tier.DISTRICT and schools:
            raise RowError("tier", _t("Giao ước Phòng – Phòng không ghi trường. Hãy sửa cấp hoặc bỏ tên trường."))
        if not (programme.has_school_tier if tier == Tier.SCHOOL else programme.has_district_tier):
            raise RowError("tier", _t("Phong trào này không có giao ước %s.") % Tier(tier).label)
        if parties["supporting_school"] == parties["supported_school"] and (
            schools or parties["supporting_district"] == parties["supported_district"]
        ):
            raise RowError(
                "supported_school" if schools else "supported_district", _t("Hai bên phải là hai đơn vị khác nhau.")
            )
        agreement = Agreement(programme=programme, tier=tier, **parties)
        if not self._is_ours(agreement):
            raise RowError("supporting_district", _t("Một trong hai bên phải là đơn vị của thầy/cô."))
        agreement.registered_side = agreement.party_of(self.user) or Agreement.Side.SUPPORTING
        given = {name: row.get(name) for name in (*WORDING, "signed_on", "starts_on", "ends_on")}
        _set(agreement, {name: value for name, value in given.items() if value is not None})
        agreement.starts_on = agreement.starts_on or agreement.signed_on or programme.starts_on
        agreement.ends_on = agreement.ends_on or programme.ends_on
        if agreement.signed_on:
            agreement.status = Status.SIGNED
        agreement.set_keys()
        return agreement

    def _there(self, row, agreement):
        """The stored agreement of this pair that the row is about: by its number, or the open one, or by its day."""
        stored = self.by_pair.get((agreement.programme_id, agreement.pair_key), ())
        number, signed_on = row.get("number"), row.get("signed_on")
        for there in stored:
            if number and fold(there.number) == fold(number):
                return there
        still_open = next((there for there in stored if there.status in Status.open()), None)
        if still_open is not None and number and still_open.number:
            if signed_on and any(there.signed_on == signed_on and not there.number for there in stored):
                return next(there for there in stored if there.signed_on == signed_on and not there.number)
            raise RowError(
                "number",
                _t("Cặp này đang có giao ước số “%s”. Hãy sửa số, hoặc thanh lý giao ước đó trước.")
                % still_open.number,
            )
        closed = next((there for there in stored if there.signed_on and there.signed_on == signed_on), None)
        return closed or still_open

    def _check(self, agreement):
        self.clean(agreement)
        if agreement.ends_on < agreement.starts_on:
            raise ValidationError({"ends_on": _t("Ngày kết thúc phải bằng hoặc sau ngày bắt đầu.")})

    def _require_right_to_change(self, there):
        if access.leads_department(self.user, self.department.pk):
            return
        if not there.is_open_to_edit():
            raise RowError(
                "", _t("Giao ước này %s nên không sửa bằng tệp được; hãy nhờ Sở sửa.") % there.get_status_display()
            )
        if not access.records_agreement(self.user, there):
            raise RowError("", _t("Giao ước này do bên kia đăng ký; bên đó sửa được."))

    def _is_ours(self, agreement):
        return access.leads_department(self.user, self.department.pk) or bool(access.sides_of(self.user, agreement))

    def _stored(self):
        return (agreement for same in self.by_pair.values() for agreement in same)

    def _umbrellas(self, made):
        """(programme, its two districts) → the signed agreement of the districts, stored or just `made`."""
        signed = [a for a in (*self._stored(), *made) if a.tier == Tier.DISTRICT and a.status in Status.once_signed()]
        return {_districts(agreement): agreement for agreement in reversed(signed)}


def _districts(agreement):
    pair = frozenset((agreement.supporting_district_id, agreement.supported_district_id))
    return agreement.programme_id, pair


def _set(thing, values):
    for name, value in values.items():
        setattr(thing, name, value)
