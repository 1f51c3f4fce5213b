"""Numbers of papers: one series a unit, type of paper and calendar year, without gap or duplicate (Decree 30/2020,
Điều 15: given at issue, by order in the year)."""

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twinning.models.school import School
from twinning.models.unit import Department, District

UNITS = {Department: "department", District: "district", School: "school"}


class NumberSeriesManager(models.Manager):
    def take(self, unit, symbol, year, is_free=lambda number: True):
        """The next number (int) of `unit` (Department, District or School) for papers of `symbol` ("BGN") in `year`.

        Must run in the transaction that stores the paper: the row stays locked until its end, so two papers never get
        the same number, and a paper that is not stored leaves no gap. Numbers somebody gave by hand before are passed
        over: `is_free(number)` says which are.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("A number is taken in the transaction of its paper.")
        series, _created = self.get_or_create(**{UNITS[type(unit)]: unit}, symbol=symbol, year=year)
        while True:
            self.filter(pk=series.pk).update(last=F("last") + 1)
            number = self.values_list("last", flat=True).get(pk=series.pk)
            if is_free(number):
                return number


class NumberSeries(models.Model):
    """How far a unit has come with the numbers of one type of paper in one year."""

    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    symbol = models.CharField(_("loại văn bản"), max_length=20)
    year = models.PositiveSmallIntegerField(_("năm"))
    last = models.PositiveIntegerField(_("số đã cấp"), default=0)

    objects = NumberSeriesManager()

    class Meta:
        verbose_name = _("dãy số văn bản")
        verbose_name_plural = _("dãy số văn bản")
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=False, district=None, school=None)
                | Q(department=None, district__isnull=False, school=None)
                | Q(department=None, district=None, school__isnull=False),
                name="number_series_of_one_unit",
            ),
            *(
                models.UniqueConstraint(
                    fields=[unit, "symbol", "year"],
                    condition=Q(**{f"{unit}__isnull": False}),
                    name=f"number_series_once_{unit}",
                )
                for unit in UNITS.values()
            ),
        ]

    def __str__(self):
        return f"{self.department or self.district or self.school} {self.symbol} {self.year}"
