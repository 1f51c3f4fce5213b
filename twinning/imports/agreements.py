"""Import of agreements, most of them signed on paper long before: two districts, schools or groups of a subject."""

from dataclasses import replace
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.imports import cells
from twinning.imports.cells import RowError, each
from twinning.imports.finder import like_key
from twinning.imports.kind import CHANGE, CREATE, Column, Kind, in_words
from twinning.imports.school_columns import party_words
from twinning.imports.sheet import HEADER_WITHIN, header_words
from twinning.imports.spans import period
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
    "subject": "bo mon;bo mon bo mon;cap bo mon;to bo mon;mon;mon hoc;to chuyen mon",
}
KIND_WORDS = {
    "pledge": "ban giao uoc;giao uoc ket nghia",
    "joint_plan": "ke hoach;kh phoi hop;khph;ke hoach lien tich",
    "mou": "bien ban ghi nho;bgn;bien ban ghi nho hop tac;mou",
}
WORDING = (
    "kind",
    "number",
    "signed_at",
    "direction",
    "objectives",
    *(f"{side}_{what}" for side in SIDES for what in ("contents", "signatory", "position")),
)
DAYS = ("signed_on", "starts_on", "ends_on")
PAIR, ORDER = "pair", "order"  # both sides in one cell; whether only their order may tell who supports
_PLACES = (("supporting", _("trước")), ("supported", _("sau")))


CONTENTS = ("nội dung", "nội dung cam kết", "cam kết", "cam kết của", "trách nhiệm", "trách nhiệm của", "nhiệm vụ")


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


def _contents_column(side, words):
    other = {"hỗ trợ": "giúp đỡ", "được hỗ trợ": "được giúp đỡ"}[words]
    heads = [f"{what} {body} {name}" for what in CONTENTS for body in ("bên", "trường") for name in (words, other)]
    below = [f"{body} {name} {what}" for what in CONTENTS for body in ("bên", "đơn vị") for name in (words, other)]
    return Column(f"{side}_contents", _("Bên %s cam kết") % words, cells.prose, (*heads, *below))


def _signing_columns(side, words):
    return (
        Column(f"{side}_signatory", _("Người ký bên %s") % words, cells.limited(120), (f"Đại diện bên {words}",)),
        Column(f"{side}_position", _("Chức vụ người ký bên %s") % words, cells.limited(120), (f"Chức vụ bên {words}",)),
    )


class Agreements(Kind):
    slug, command, icon = "giao-uoc", "agreements", "file-certificate"
    title = _("Giao ước")
    intro = _(
        "Giao ước Phòng – Phòng, trường – trường, bộ môn – bộ môn; có ngày ký thì ghi là đã ký, không thì là nháp."
    )
    roles = access.IMPORT_ROLES_DISTRICT
    columns = (
        Column(
            "tier",
            _("Cấp giao ước"),
            cells.choice(Tier, **TIER_WORDS),
            ("Cấp", "Loại giao ước"),
            note=_("Bỏ trống: có tên trường là giao ước trường – trường, có cả bộ môn là bộ môn – bộ môn."),
        ),
        *_party_columns("supporting", "hỗ trợ", ("01020501", "THCS Tả Thanh Oai", "huyện Thanh Trì")),
        *_party_columns("supported", "được hỗ trợ", ("01277501", "THCS Đại Yên", "huyện Chương Mỹ")),
        Column(
            "kind",
            _("Loại văn bản"),
            cells.choice(Agreement.Kind, **KIND_WORDS),
            ("Hình thức văn bản", "Tên văn bản", "Tên loại văn bản"),
            note=_("Bỏ trống là giao ước."),
        ),
        Column(
            "subject",
            _("Bộ môn"),
            cells.text,
            ("Môn", "Môn học", "Tổ bộ môn"),
            note=_("Chỉ ghi với giao ước bộ môn – bộ môn."),
        ),
        Column(
            "number",
            _("Số, ký hiệu"),
            cells.limited(60),
            ("Số giao ước", "Số", "Số hiệu", "Số văn bản", "Số BBGN", "Số BGN", "Số bản ghi nhớ", "Số biên bản"),
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
        Column(
            "period",
            _("Thời gian thực hiện"),
            period,
            ("Thời gian", "Thời hạn", "Giai đoạn", "Hiệu lực", "Thời gian hiệu lực", "Thời gian kết nghĩa"),
            is_offered=False,
        ),
        Column("starts_on", _("Thực hiện từ ngày"), cells.day, ("Từ ngày", "Ngày bắt đầu"), example="15/4/2023"),
        Column(
            "ends_on",
            _("Đến hết ngày"),
            cells.day,
            ("Đến ngày", "Ngày kết thúc", "Ngày hết hạn", "Hết hạn"),
            example="31/5/2025",
        ),
        Column("direction", _("Chiều hỗ trợ"), cells.choice(Agreement.Direction), ("Chiều",)),
        Column("objectives", _("Mục tiêu, cam kết"), cells.prose, ("Mục tiêu", "Nội dung", "Nội dung cam kết")),
        _contents_column("supporting", "hỗ trợ"),
        _contents_column("supported", "được hỗ trợ"),
        *_signing_columns("supporting", "hỗ trợ"),
        *_signing_columns("supported", "được hỗ trợ"),
        Column("programme", _("Phong trào"), cells.text, note=_("Bỏ trống thì lấy theo ngày ký.")),
        Column(
            PAIR,
            _("Cặp đơn vị"),
            cells.text,
            ("Cặp kết nghĩa", "Cặp trường", "Cặp trường kết nghĩa", "Cặp đơn vị kết nghĩa", "Hai đơn vị", "Hai bên"),
            is_offered=False,
        ),
    )

    told_by = {"starts_on": "period", "ends_on": "period"}

    def headings(self, sheet):
        """A header of two units, "STT | Quận Thanh Xuân | Huyện Hoài Đức", has the schools of one below the other."""
        parties = [column for column in self.columns if column.name.startswith(SIDES)]
        known = {fold(word) for column in parties for word in (column.label, *column.also)}
        for at, (number, line) in enumerate(sheet.rows[:HEADER_WITHIN]):
            if any(header_words(cell) in known for cell in line):
                break  # it says its sides itself
            places = [place for place, cell in enumerate(line) if isinstance(cell, str) and self._is_heading(cell)]
            units = [" ".join(line[place].split()) for place in places]
            if len(places) == 2 and len(set(units)) == 2 and self._are_schools(sheet.rows[at + 1 : at + 4], places):
                headed = list(line)
                for side, place in zip(SIDES, places, strict=True):
                    headed[place] = next(c.label for c in self.columns if c.name == f"{side}_school")
                rows = [*sheet.rows[:at], (number, headed), *sheet.rows[at + 1 :]]
                said = {f"{side}_district": unit for side, unit in zip(SIDES, units, strict=True)}
                return replace(sheet, rows=rows), said | {ORDER: True}
        return sheet, {}

    def _is_heading(self, cell):
        return self.finder.is_office(" ".join(cell.split()))

    def _are_schools(self, lines, places):
        """Below a header of units stand schools; below one of data would stand units again."""
        below = [line[place] for _n, line in lines for place in places if place < len(line) and line[place]]
        return bool(below) and all(isinstance(cell, str) and not self._is_heading(cell) for cell in below)

    def split(self, row):
        """The two sides of "THCS A - THCS B"."""
        if (pair := row.values.pop(PAIR, None)) is not None:
            sides = self.finder.units_in(pair)
            if len(sides) != 2:
                why = _t("Không tách được “%s” thành hai đơn vị có trong danh mục. Hãy ghi hai bên ở hai cột.") % pair
                row.errors.append((PAIR, pair, why))
            else:
                row.values |= {f"{side}_school": name for side, name in zip(SIDES, sides, strict=True)} | {ORDER: True}
        return (row,)

    def load(self, rows):
        stored = Agreement.objects.filter(programme__department=self.department).exclude(status=Status.WITHDRAWN)
        self.by_pair = {}
        for agreement in stored.for_list().order_by("pk"):
            self.by_pair.setdefault((agreement.programme_id, agreement.pair_key), []).append(agreement)
        self.seen = {}

    def plan(self, row):
        day = row.get("signed_on") or row.get("starts_on")
        programme, *_rest = each(
            lambda: self.programme(row, day or _last_day_said(row)),
            *(partial(self._party, row, side, day) for side in SIDES),
            lambda: self._subject(row),
        )
        self._take_period(row, programme)
        if row.values.pop(ORDER, False):
            self._take_order(row, programme)
        agreement = self._pair(row, programme, row.get("signed_on") or row.get("starts_on"))
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
        wanted = {name: row.get(name) for name in (*WORDING, *DAYS)}
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
        of_schools = [agreement for agreement in new if agreement.tier in Tier.of_schools()]
        for agreement in of_schools:
            agreement.umbrella = umbrellas.get(_districts(agreement))
        journal.create(of_schools)
        below = [
            (agreement, {"umbrella_id": umbrellas[_districts(agreement)].pk})
            for agreement in self._stored()
            if agreement.tier in Tier.of_schools()
            and agreement.umbrella_id is None
            and _districts(agreement) in umbrellas
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
                row = {name: getattr(agreement, name) for name in (*WORDING, *DAYS)}
                row |= {name: getattr(agreement, f"get_{name}_display")() for name in ("direction", "tier", "kind")}
                row["subject"] = agreement.subject and agreement.subject.name
                row["programme"] = agreement.programme.name
                for side in SIDES:
                    school = getattr(agreement, f"{side}_school")
                    row |= {f"{side}_code": school.code, f"{side}_school": school.name} if school else {}
                    district = school.district if school else getattr(agreement, f"{side}_district")
                    row[f"{side}_district"] = str(district)
                yield row

    def _take_order(self, row, programme):
        """Who supports whom where only two names stand: as the two offices signed, else as a person says, once for a
        file."""
        parties = [self.party(row, f"{side}_", programme.starts_on) for side in SIDES]
        districts = [district and district.pk for _school, district in parties]
        if signed := self._signed_sides(programme, districts):
            is_first, why = signed == districts, _t("theo giao ước của hai đơn vị quản lý")
        else:
            first, second = (row.get(f"{side}_district") or _t("đơn vị ghi %s") % word for side, word in _PLACES)
            question = _t("Tệp ghi hai bên cạnh nhau mà không nói bên nào hỗ trợ: %(first)s hay %(second)s?")
            options = [("first", _t("bên ghi trước hỗ trợ bên ghi sau")), ("second", _t("bên ghi sau hỗ trợ"))]
            told = {"first": first, "second": second}
            is_first = self.decide(f"ben-ho-tro:{first}:{second}", question % told, options) == "first"
            why = _t("theo lựa chọn")
        supporting = parties[0 if is_first else 1]
        row.notes += (_t("bên hỗ trợ: %(unit)s, %(why)s") % {"unit": supporting[0] or supporting[1], "why": why},)
        if not is_first:
            for part in ("code", "school", "district"):
                one, other = (row.values.pop(f"{side}_{part}", None) for side in SIDES)
                row.values |= {f"{SIDES[0]}_{part}": other, f"{SIDES[1]}_{part}": one}

    def _signed_sides(self, programme, districts):
        """[supporting, supported] of the agreement that these two districts have, or None."""
        for agreement in self._stored():
            sides = [agreement.supporting_district_id, agreement.supported_district_id]
            if (agreement.tier, agreement.programme_id) != (Tier.DISTRICT, programme.pk):
                continue
            if sorted(sides) == sorted(filter(None, districts)):
                return sides
        return None

    # --- one row ----------------------------------------------------------------------------------------------------

    def _pair(self, row, programme, day):
        """The agreement this row means, not stored: its parties checked, the rest filled."""
        parties = {}
        for side in SIDES:
            school, district = self._party(row, side, day or programme.starts_on)
            parties |= {f"{side}_school": school, f"{side}_district": district}
        schools = [side for side in SIDES if parties[f"{side}_school"]]
        subject = self._subject(row)
        tier = row.get("tier") or (Tier.SUBJECT if subject else Tier.SCHOOL if schools else Tier.DISTRICT)
        if (tier == Tier.SUBJECT) != bool(subject):
            why = (
                _t("Giao ước bộ môn – bộ môn cần tên bộ môn.")
                if subject is None
                else _t("Chỉ giao ước bộ môn ghi môn.")
            )
            raise RowError("subject", why)
        if tier in Tier.of_schools() and len(schools) < 2:
            lacking = next(side for side in SIDES if side not in schools)
            raise RowError(
                f"{lacking}_school",
                _t("Giao ước %s cần tên hoặc mã trường ở cả hai bên.") % str(Tier(tier).label).lower(),
            )
        if tier == Tier.DISTRICT and schools:
            raise RowError("tier", _t("Giao ước Phòng – Phòng không ghi trường. Hãy sửa cấp hoặc bỏ tên trường."))
        if not getattr(programme, f"has_{tier}_tier"):
            raise RowError("tier", _t("Phong trào này không có giao ước %s.") % Tier(tier).label)
        if parties["supporting_school"] == parties["supported_school"] and (
            schools or parties["supporting_district"] == parties["supported_district"]
        ):
            raise RowError(
                "supported_school" if schools else "supported_district", _t("Hai bên phải là hai đơn vị khác nhau.")
            )
        agreement = Agreement(programme=programme, tier=tier, subject=subject, **parties)
        if not self._is_ours(agreement):
            raise RowError("supporting_district", _t("Một trong hai bên phải là đơn vị của thầy/cô."))
        agreement.registered_side = agreement.party_of(self.user) or Agreement.Side.SUPPORTING
        given = {name: row.get(name) for name in (*WORDING, *DAYS)}
        _set(agreement, {name: value for name, value in given.items() if value is not None})
        agreement.starts_on = agreement.starts_on or agreement.signed_on or programme.starts_on
        agreement.ends_on = agreement.ends_on or programme.ends_on
        if agreement.signed_on:
            agreement.status = Status.SIGNED
        agreement.set_keys()
        return agreement

    def _party(self, row, side, day):
        """(school or None, managing unit) of one side."""
        school, district = self.party(row, f"{side}_", day)
        if district is None:
            raise RowError(f"{side}_district", _t("Thiếu đơn vị hoặc trường của một bên."))
        return school, district

    def _subject(self, row):
        if (name := row.get("subject")) is None:
            return None
        if (found := self.finder.subjects.get(like_key(name))) is None:
            raise RowError("subject", _t("Không có môn “%s” trong danh mục môn học.") % name)
        return found

    def _take_period(self, row, programme):
        """Fill the days that a row says as one stretch of time ("2023-2025", "3 năm"), and note how it was taken."""
        said = row.get("period")
        if said is None:
            return
        starts, ends = said.starts, said.ends
        if said.school_year:
            question = _t("“%s” là một năm học hay hai năm dương lịch?") % said.written
            options = [("years", _t("hai năm: đến hết 31/12")), ("school_year", _t("một năm học: 1/9 đến 31/8"))]
            if self.decide(f"thoi-gian:{said.written}", question, options) == "school_year":
                starts, ends = said.school_year
        signed_on = row.get("signed_on")
        if said.months:
            starts = row.get("starts_on") or signed_on
            if starts is None:
                raise RowError("period", _t("“%s” tính từ ngày nào? Hãy ghi ngày ký hoặc ngày bắt đầu.") % said.written)
            ends = said.end_after(starts)
        if said.is_vague:  # years stand for days: from the signing on, within the programme
            starts = starts and max(starts, programme.starts_on, signed_on if signed_on and ends else starts)
            ends = ends and min(ends, programme.ends_on)
        for name, day in (("starts_on", starts), ("ends_on", ends)):
            if day and name not in row.values:
                row.values[name] = day
                label = Agreement._meta.get_field(name).verbose_name
                row.notes += (f"“{said.written}” → {label} {in_words(None, name, day)}",)

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


def _last_day_said(row):
    return row.get("period") and (row.get("period").ends or row.get("period").starts)


def _districts(agreement):
    pair = frozenset((agreement.supporting_district_id, agreement.supported_district_id))
    return agreement.programme_id, pair


def _set(thing, values):
    for name, value in values.items():
        setattr(thing, name, value)
