"""Recomputes every stored total from its rows and compares. Changes nothing unless told to.

Stored totals: Activity.TOTALS (from the rows of its units) and ActivitySchool.named_count (from its named teachers).
"""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from activities.models import Activity, ActivitySchool, Participation
from twinning.models import School, SchoolManagement
from twinning.vietnamese import number


class Command(BaseCommand):
    help = _("Tính lại các số tổng đang lưu rồi so sánh. Có chỗ lệch: liệt kê và kết thúc với mã 1.")

    def add_arguments(self, parser):
        parser.add_argument("--fix", action="store_true", help=_("sửa số đang lưu theo số tính lại"))

    def handle(self, *, fix, **options):
        misplaced = [*misplaced_schools()]
        for school in misplaced:
            self.stdout.write(_("%s: đơn vị quản lý hoặc Sở không khớp với quá trình quản lý.") % school.full_name)
        self.compare(fix)
        if misplaced:
            raise CommandError(
                _("%d trường có quá trình quản lý không khớp; --fix không sửa những chỗ này.") % len(misplaced)
            )

    def compare(self, fix):
        """The stored totals: told, and mended when asked to."""
        activities, rows = wrong_activities(), wrong_rows()
        found = 0
        for what, stored, real in [*_differences(activities), *_named_differences(rows)]:
            found += 1
            self.stdout.write(
                _("%(what)s: đang lưu %(stored)s, tính lại %(real)s.")
                % {"what": what, "stored": number(stored), "real": number(real)}
            )
        if not found:
            self.stdout.write(_("Mọi số tổng đang lưu đều khớp."))
        elif not fix:
            raise CommandError(_("%d số tổng bị lệch. Chạy lại với --fix để sửa.") % found)
        else:
            stuck = repair(activities, rows)
            self.stdout.write(_("Đã sửa %d số tổng.") % (found - stuck))
            if stuck:
                raise CommandError(
                    _("%d số chưa sửa được: số tên nhiều hơn số giáo viên đã ghi, đơn vị cần xem lại.") % stuck
                )


def misplaced_schools():
    """Schools of another Department than their unit's, whose open row of management names another unit or is not there
    though they operate, or with two rows for one day."""
    rows = SchoolManagement.objects
    elsewhere = rows.filter(valid_to=None).exclude(district=F("school__district"))
    begun = Coalesce(OuterRef("valid_from"), Value(date.min))
    others = rows.filter(school=OuterRef("school"), valid_from__range=(begun, OuterRef("valid_to")))
    overlapping = rows.filter(Exists(others.exclude(pk=OuterRef("pk"))))
    unmanaged = Q(merged_into=None, valid_to=None) & ~Q(pk__in=rows.filter(valid_to=None).values("school"))
    wrong = ~Q(department=F("district__department")) | Q(pk__in=elsewhere.values("school")) | unmanaged
    wrong |= Q(pk__in=overlapping.values("school"))
    return School.objects.filter(wrong).select_related("district").order_by("pk")


def wrong_activities():
    """Activities with a stored total that is not the sum of their rows; with `sum_<total>`."""
    wrong = Q()
    for total in Activity.TOTALS:
        wrong |= ~Q(**{total: Coalesce(F(f"sum_{total}"), 0)})
    return list(Activity.objects.with_row_sums().filter(wrong).order_by("pk"))


def wrong_rows():
    """Rows whose stored number of named teachers is not that of their participations; with `real_named`."""
    rows = ActivitySchool.objects.annotate(real_named=Count("participations"))
    return list(
        rows.exclude(named_count=F("real_named")).select_related("activity", "school", "district").order_by("pk")
    )


def _differences(activities):
    for activity in activities:
        for total in Activity.TOTALS:
            stored, real = getattr(activity, total), getattr(activity, f"sum_{total}") or 0
            if stored != real:
                label = Activity._meta.get_field(total).verbose_name
                yield f"{_name(activity)}, {label}", stored, real


def _named_differences(rows):
    for row in rows:
        yield f"{_name(row.activity)}, {row.unit}, {_('số giáo viên ghi tên')}", row.named_count, row.real_named


def _name(activity):
    return _("Hoạt động %(number)d “%(title)s”") % {"number": activity.pk, "title": activity.title}


def repair(activities, rows):
    """Store what was recomputed. Returns how many numbers had to stay: more names than head-counts."""
    possible = [row.pk for row in rows if row.real_named <= row.teacher_turns]
    names = Participation.objects.filter(row=OuterRef("pk")).order_by().values("row")
    named = names.annotate(n=Count("pk")).values("n")
    with transaction.atomic():
        Activity.objects.filter(pk__in=[activity.pk for activity in activities]).store_totals()
        ActivitySchool.objects.filter(pk__in=possible).update(named_count=Coalesce(Subquery(named), 0))
    return len(rows) - len(possible)
