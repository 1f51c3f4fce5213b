"""What one row of a yearly plan means: under which agreement, whose people are expected, for which day or month."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t

from activities.imports.activity_columns import KindsOfActivity, numbered, subject_called
from activities.models import Activity
from twinning import access, school_year, vietnamese
from twinning.imports.cells import RowError, each
from twinning.imports.finder import like_key
from twinning.imports.kind import Skipped, in_words
from twinning.imports.spans import Month
from twinning.models import Agreement

Status = Activity.Status
Tier = Agreement.Tier


@dataclass
class Line:
    """What one row plans: under which agreement, for which day (the last of a month alone, `month` its two ends)."""

    agreement: Agreement
    own: tuple  # (school or None, managing unit): the party whose people are expected
    day: object
    month: tuple | None
    values: dict  # of the activity
    turns: dict


class Lines:
    """Reads the rows of the import `kind` (Plans) against the signed agreements the person sees."""

    def __init__(self, kind):
        self.kind, self.user, self.finder = kind, kind.user, kind.finder
        signed = Agreement.objects.signed().visible_to(self.user).filter(programme__department=kind.department)
        self.agreements = list(signed.for_list().select_related("programme__department").order_by("pk"))
        self.kinds = KindsOfActivity(kind.department)
        self.areas = {}
        for programme in {agreement.programme_id: agreement.programme for agreement in self.agreements}.values():
            self.areas[programme.pk] = {like_key(area.name): area for area in programme.content_areas.all()}

    def read(self, row):
        """The Line of a Row. Raises RowError with the column that is wrong, Skipped for what is no plan any more."""
        status = row.get("status")
        if status == Status.CANCELLED:
            raise Skipped(_t("dòng ghi đã huỷ: không đưa vào kế hoạch; nếu đã có thì mở hoạt động rồi huỷ, kèm lý do"))
        if status == Status.HELD:
            raise RowError(
                "status",
                _t(
                    "Hoạt động đã tổ chức thì mở nó trong kế hoạch rồi ghi kết quả, hoặc nhập ở loại “Hoạt động và số "
                    "lượt tham gia”."
                ),
            )
        when = row.values["planned"]
        month = self._month(row, when) if isinstance(when, Month) else None
        last = month[1] if month else when
        own, partner = each(lambda: self.kind.party(row, day=last), lambda: self._partner(row, last))
        agreement = self._agreement(row, own, partner, month or (when, when))
        day, kind, area, subject, host = each(
            lambda: self._day(row, agreement, when, month),
            lambda: self._kind(row, agreement.programme),
            lambda: self._content_area(row, agreement.programme),
            lambda: self._subject(row),
            lambda: self._host(row, agreement, last),
        )
        if own[1] is None:
            own = self._own_side(agreement)
        values = {"title": row.values["title"], **kind, **area, **subject, **host}
        values |= {name: row.get(name) for name in ("place", "mode") if row.get(name)}
        turns = {total: row.get(total) for total in Activity.TOTALS if row.get(total) is not None}
        return Line(agreement, own, day, month, values, turns)

    # --- whose --------------------------------------------------------------------------------------------------------

    def _partner(self, row, day):
        if (text := row.get("partner")) is None:
            return None, None
        if self.finder.is_office(text):
            return None, self.finder.district(text, "partner", day)
        school = self.finder.school(None, text, None, columns=("partner", "partner", "partner"))
        return school, self.finder.unit_of(school, day)

    def _agreement(self, row, own, partner, span):
        """The one agreement the row is of: by its number, by the units named, by whose it is; in effect by then."""
        number = row.get("agreement")
        found = numbered(self.agreements, number) if number else self.agreements
        units = [unit for unit in (own, partner) if unit[1] is not None]
        seat = access.seat(self.user)
        if not units and (seat.school_id or seat.district_id):
            found = [a for a in found if self._own_side(a)] if number else [a for a in found if _is_of_seat(a, seat)]
        for unit in units:
            found = [agreement for agreement in found if _is_party(agreement, *unit)]
        if not (units or number or seat.school_id or seat.district_id):
            raise RowError("agreement", _t("Hãy ghi số giao ước, hoặc hai đơn vị của giao ước."))
        if not found:
            raise RowError("agreement", _t("Không có giao ước đã ký của các đơn vị này. Hãy xem lại tên đơn vị."))
        now = [agreement for agreement in found if agreement.starts_on <= span[1] and span[0] <= agreement.last_day]
        found = now or found
        if len(found) > 1 and (subject := row.get("subject")):
            of_subject = [a for a in found if a.subject and like_key(a.subject.name) == like_key(subject)]
            found = of_subject or found
        if len(found) > 1:
            found = [agreement for agreement in found if agreement.tier != Tier.SUBJECT] or found
        if len(found) > 1:
            raise RowError(
                "agreement", _t("Có %d giao ước phù hợp. Hãy ghi số giao ước hoặc đơn vị kết nghĩa.") % len(found)
            )
        agreement = found[0]
        if not access.imports_plan(self.user, agreement):
            text = _t("Giao ước này đã kết thúc, hoặc không phải của đơn vị thầy/cô nên không lập kế hoạch được.")
            raise RowError("agreement", text)
        return agreement

    def _own_side(self, agreement):
        """(school or None, unit) of the side the person speaks for; the supporting one for the Department."""
        sides = access.sides_of(self.user, agreement)
        side = next((side for side in Agreement.Side.values if side in sides), None)
        if side is None and not access.imports_plan(self.user, agreement):
            return None
        side = side or Agreement.Side.SUPPORTING
        return getattr(agreement, f"{side}_school"), getattr(agreement, f"{side}_district")

    def _host(self, row, agreement, day):
        if (text := row.get("host")) is None:
            return {}
        if self.finder.is_office(text):
            school, district = None, self.finder.district(text, "host", day)
        else:
            school, district = self.finder.school(None, text, None, columns=("host", "host", "host")), None
        if not _is_party(agreement, school, district):
            raise RowError("host", _t("“%s” không thuộc cặp đơn vị của giao ước này.") % text)
        return {"host_school": school, "host_district": district}

    # --- when ---------------------------------------------------------------------------------------------------------

    @staticmethod
    def _month(row, when):
        year = row.get("school_year")
        if when.year is None and year is None:
            raise RowError(
                "planned",
                _t("“%s” chưa rõ năm. Hãy ghi như 10/2025, hoặc ghi năm học ở tiêu đề hay ở cột Năm học.")
                % when.written,
            )
        return when.in_year(year)

    @staticmethod
    def _day(row, agreement, when, month):
        first = max(agreement.starts_on, agreement.programme.starts_on)
        last = min(agreement.last_day, agreement.programme.ends_on)
        day = min(month[1], last) if month else when
        if not first <= day <= last or (month and day < month[0]):
            raise RowError(
                "planned",
                _t("Thời gian phải trong thời gian của giao ước: từ %(first)s đến %(last)s.")
                % {"first": vietnamese.day(first), "last": vietnamese.day(last)},
            )
        year = row.get("school_year")
        if year is not None and school_year.school_year_of(day) != year:
            raise RowError("planned", _t("Thời gian này không thuộc năm học %s.") % school_year.label(year))
        if month:
            note = _t("“%(written)s” chỉ có tháng: lấy ngày cuối %(day)s")
            row.notes += (note % {"written": when.written, "day": in_words(None, "", day)},)
        return day

    # --- what ---------------------------------------------------------------------------------------------------------

    def _kind(self, row, programme):
        name, title = row.get("kind"), row.values["title"]
        return {"kind": self.kinds.called(programme, name) if name else self.kinds.begun(programme, title)}

    def _content_area(self, row, programme):
        if (text := row.get("content_area")) is None:
            return {}
        if (area := self.areas[programme.pk].get(like_key(text))) is None:
            raise RowError("content_area", _t("Phong trào không có nội dung phối hợp “%s”.") % text)
        return {"content_area": area}

    def _subject(self, row):
        text = row.get("subject")
        return {"subject": subject_called(self.finder, text)} if text else {}


def _is_party(agreement, school, district):
    if school:
        return school.pk in (agreement.supporting_school_id, agreement.supported_school_id)
    return agreement.tier == Tier.DISTRICT and district.pk in (
        agreement.supporting_district_id,
        agreement.supported_district_id,
    )


def _is_of_seat(agreement, seat):
    if seat.school_id:
        return seat.school_id in (agreement.supporting_school_id, agreement.supported_school_id)
    return agreement.tier == Tier.DISTRICT and seat.district_id in (
        agreement.supporting_district_id,
        agreement.supported_district_id,
    )
