"""The register of outgoing papers (sổ văn bản đi): each paper gets its number here, in the transaction that issues it
(Decree 30/2020, Điều 15; columns of Phụ lục IV.I)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.report import Report
from twinning.access import ScopedQuerySet
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Refused
from twinning.models import Department, District, School
from twinning.models.numbering import NumberSeries
from twinning.vietnamese import search_key


class OutgoingPaperQuerySet(ScopedQuerySet):
    department_paths = ("department",)
    district_paths = (("school", "district"),)
    school_paths = ("school",)

    def of(self, unit):
        """What `unit` (Department, District or School) itself issued."""
        return self.filter(**issuer(unit))

    def for_list(self):
        return self.select_related("department", "district", "school").order_by("-year", "-number", "-pk")

    def enter(self, unit, symbol, issued_on, number=None, **entry):
        """Enter a paper of `unit` under the next free number of its type and year, or under `number` when the paper has
        one. Must run in the transaction that issues the paper. Returns the entry; raises Refused for a number used."""
        same = self.of(unit).filter(symbol=symbol, year=issued_on.year)
        if number is None:
            number = NumberSeries.objects.take(
                unit, type_of(symbol), issued_on.year, lambda n: not same.filter(number=n).exists()
            )
        elif taken := same.filter(number=number).first():
            raise Refused(
                _t("Số %(number)s đã dùng năm %(year)d cho “%(what)s”. Bỏ trống để cổng cấp số tiếp theo.")
                % {"number": taken.number_and_symbol, "year": taken.year, "what": taken.abstract}
            )
        return self.create(
            **issuer(unit), symbol=symbol, year=issued_on.year, number=number, issued_on=issued_on, **entry
        )


def issuer(unit):
    """The columns that name who issued: the unit and the Department above it."""
    if isinstance(unit, Department):
        return {"department": unit, "district": None, "school": None}
    kind = "district" if isinstance(unit, District) else "school"
    return {"department_id": unit.department_id, "district": None, "school": None} | {kind: unit}


def type_of(symbol):
    """ "BC" of "BC-SGDĐT": papers of one type share a series."""
    return symbol.partition("-")[0]


class OutgoingPaper(models.Model):
    """One line of the register. Never changed, never removed: a paper that is replaced stays in the register."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("Sở"))
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Phòng")
    )
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="outgoing_papers", verbose_name=_("trường")
    )
    number = models.PositiveIntegerField(_("số"))
    symbol = NameField(_("ký hiệu"), max_length=60)
    year = models.PositiveSmallIntegerField(_("năm"))
    issued_on = models.DateField(_("ngày tháng"))
    type_name = NameField(_("tên loại"), max_length=40)
    abstract = NameField(_("trích yếu"), max_length=400)
    signer = NameField(_("người ký"), max_length=250, blank=True)
    recipients = ProseField(_("nơi nhận"), blank=True)
    kept_by = NameField(_("đơn vị nhận bản lưu"), max_length=120, default="VT")
    copies = models.PositiveSmallIntegerField(_("số lượng bản"), null=True, blank=True)
    note = NameField(_("ghi chú"), max_length=250, blank=True)
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("báo cáo")
    )
    search_key = KeyField(db_index=False)

    objects = OutgoingPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("văn bản đi")
        verbose_name_plural = _("sổ văn bản đi")
        ordering = ["-year", "-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "symbol", "year", "number"],
                condition=Q(district=None, school=None),
                name="outgoing_once_department",
            ),
            models.UniqueConstraint(
                fields=["district", "symbol", "year", "number"],
                condition=Q(district__isnull=False),
                name="outgoing_once_district",
            ),
            models.UniqueConstraint(
                fields=["school", "symbol", "year", "number"],
                condition=Q(school__isnull=False),
                name="outgoing_once_school",
            ),
            models.CheckConstraint(condition=Q(district=None) | Q(school=None), name="outgoing_one_issuer"),
        ]

    def __str__(self):
        return f"{self.type_name} {self.number_and_symbol}"

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        self.search_key = search_key(
            self.number_and_symbol, self.type_name, self.abstract, self.signer, self.unit_name, self.note
        )[:700]

    @property
    def unit_name(self):
        return self.district.office if self.district else str(self.unit)

    @property
    def unit(self):
        return self.school or self.district or self.department

    @property
    def number_and_symbol(self):
        return f"{self.number:02d}/{self.symbol}"
