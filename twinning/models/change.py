"""What befalls a school by decision: renamed, merged, split up, closed, handed to another unit; shown first, then done
as one act, and undone as one."""

from datetime import date, timedelta
from functools import cached_property

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, vietnamese
from twinning.access import ScopedQuerySet
from twinning.fields import NameField, ProseField
from twinning.journal import Journal
from twinning.life import Action, Event, LifeModel, Refused
from twinning.models.agreement import Agreement
from twinning.models.school import School, SchoolManagement, SchoolName
from twinning.models.unit import District
from twinning.relations import Handover

FIRST_DAY = date(1945, 9, 2)


class SchoolChangeQuerySet(ScopedQuerySet):
    department_paths = ("school__department",)
    # What was done stands on the page of each school; what is being prepared is the Department's.
    editor_roles = frozenset({access.Role.ADMIN, access.Role.DEPARTMENT})

    def for_list(self):
        return self.select_related("school__district").defer("journal").order_by("-on", "-pk")

    def done(self):
        return self.filter(status=SchoolChange.Status.APPLIED)


class SchoolChange(LifeModel):
    """One act on one school, or on several that become one.

    `plan` is what was chosen, by kind: rename {name}; merge {further: [school], into: school | null, founded: [one],
    keeps_people}; split {founded: [{name, code, level}], teachers: {teacher: index}, continues}; transfer {district}.
    `preview` is what it will do, or did (relations.Handover.told); `journal` every row it wrote (twinning.journal).
    """

    class Kind(models.TextChoices):
        RENAME = "rename", _("Đổi tên")
        MERGE = "merge", _("Sáp nhập")
        SPLIT = "split", _("Chia tách")
        CLOSE = "close", _("Đóng cửa")
        TRANSFER = "transfer", _("Chuyển đơn vị quản lý")

    class Status(models.TextChoices):
        DRAFT = "draft", _("xem trước, chưa thực hiện")
        APPLIED = "applied", _("đã thực hiện")
        UNDONE = "undone", _("đã hoàn tác")
        DROPPED = "dropped", _("đã bỏ")

    ACTIONS = {
        "apply": Action(
            slug="thuc-hien",
            label=_("Thực hiện"),
            before=(Status.DRAFT,),
            after=Status.APPLIED,
            who=access.changes_school,
            done=_("Đã thực hiện. Dưới đây là mọi dòng đã thay đổi."),
            explain=_("Mọi thay đổi nêu trên được ghi cùng lúc; có thể hoàn tác khi chưa có gì dựa trên đó."),
            tells="people_to_tell",
            news=_("{by} đã thực hiện: {it}."),
        ),
        "recheck": Action(
            slug="tinh-lai",
            label=_("Tính lại"),
            before=(Status.DRAFT,),
            after=None,
            who=access.changes_school,
            done=_("Đã tính lại theo dữ liệu hiện có."),
        ),
        "drop": Action(
            slug="bo",
            label=_("Bỏ"),
            before=(Status.DRAFT,),
            after=Status.DROPPED,
            who=access.changes_school,
            done=_("Đã bỏ. Không có gì thay đổi."),
            tone="danger",
        ),
        "undo": Action(
            slug="hoan-tac",
            label=_("Hoàn tác"),
            before=(Status.APPLIED,),
            after=Status.UNDONE,
            who=access.changes_school,
            done=_("Đã hoàn tác: mọi dòng trở lại như trước."),
            explain=_("Mọi dòng đã thay đổi trở lại như trước. Không hoàn tác được khi đã có dữ liệu mới dựa trên đó."),
            tone="danger",
            tells="people_to_tell",
            news=_("{by} đã hoàn tác: {it}."),
        ),
    }

    school = models.ForeignKey(School, models.PROTECT, related_name="own_changes", verbose_name=_("trường"))
    # Every school it touches, those it founds too.
    schools = models.ManyToManyField(School, related_name="changes", editable=False)
    kind = models.CharField(_("hình thức"), max_length=10, choices=Kind)
    on = models.DateField(_("có hiệu lực từ ngày"), help_text=_("Ngày đầu tiên theo tên mới, trường mới, đơn vị mới."))
    number = NameField(_("quyết định số"), max_length=60, blank=True)
    note = ProseField(_("ghi chú"), blank=True)
    plan = models.JSONField(default=dict, editable=False)
    preview = models.JSONField(default=dict, editable=False)
    journal = models.BinaryField(default=b"")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT, db_index=True)

    objects = SchoolChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("thay đổi của trường")
        verbose_name_plural = _("thay đổi của trường")
        ordering = ["-on", "-pk"]

    def __str__(self):
        return _t("%(kind)s: %(what)s") % {"kind": self.get_kind_display(), "what": self.summary}

    def get_absolute_url(self):
        return reverse("schoolchange_detail", args=[self.pk])

    @property
    def summary(self):
        """In one line, with the names it was decided under."""
        return self.plan.get("summary", "")

    # --- what was chosen --------------------------------------------------------------------------------------------

    @cached_property
    def ending(self):
        """The schools that a merger ends, this one first."""
        further = School.objects.select_related("district").filter(pk__in=self.plan.get("further", ()))
        return [self.school, *further.order_by("pk")]

    @cached_property
    def into(self):
        """The existing school that takes the others in, or None."""
        return School.objects.select_related("district").filter(pk=self.plan.get("into")).first()

    @cached_property
    def district(self):
        return District.objects.filter(pk=self.plan.get("district")).first()

    @property
    def founded(self):
        """Schools the act founds, not stored: of the unit, ownership and place of this one."""
        for part in self.plan.get("founded", ()):
            yield School(
                district=self.school.district,
                ownership=self.school.ownership,
                address=self.school.address,
                ward=self.school.ward,
                valid_from=self.on,
                **part,
            )

    @property
    def ends_school(self):
        is_split_up = self.kind == self.Kind.SPLIT and not self.plan.get("continues")
        return self.kind in (self.Kind.MERGE, self.Kind.CLOSE) or is_split_up

    def word_summary(self):
        """What `summary` keeps."""
        names = [part["name"] for part in self.plan.get("founded", ())]
        staying = [str(self.school)] if self.plan.get("continues") else []
        return {
            self.Kind.RENAME: f"{self.school} → {self.plan.get('name')}",
            self.Kind.MERGE: f"{' + '.join(map(str, self.ending))} → {self.into or ', '.join(names)}",
            self.Kind.SPLIT: f"{self.school} → {', '.join(staying + names)}",
            self.Kind.CLOSE: str(self.school),
            self.Kind.TRANSFER: f"{self.school}: {self.school.district} → {self.district}",
        }[self.kind]

    # --- what stands in the way -------------------------------------------------------------------------------------

    def faults(self):
        """Sentences that say what is wrong with the choices; empty when the act may be tried."""
        faults = list(self._day_faults())
        faults += {
            self.Kind.RENAME: self._rename_faults,
            self.Kind.MERGE: self._merge_faults,
            self.Kind.SPLIT: self._founding_faults,
            self.Kind.CLOSE: list,
            self.Kind.TRANSFER: self._transfer_faults,
        }[self.kind]()
        return list(dict.fromkeys(faults))

    def _day_faults(self):
        if self.on > timezone.localdate():
            yield _t("Ngày có hiệu lực chưa tới. Hãy thực hiện từ ngày đó trở đi.")
            return
        if self.on < FIRST_DAY:
            yield _t("Ngày có hiệu lực quá xa. Hãy kiểm tra lại năm.")
            return
        for school in self.ending:
            yield from self._school_faults(school)

    def _school_faults(self, school):
        if school.merged_into_id:
            yield _t("%s đã sáp nhập vào trường khác.") % school
        elif school.valid_to:
            yield _t("%(school)s đã đóng cửa, hoạt động đến hết %(day)s.") % {
                "school": school,
                "day": _day(school.valid_to),
            }
        elif school.valid_from and self.on <= school.valid_from:
            yield _t("%(school)s có từ %(day)s. Ngày có hiệu lực phải sau ngày đó.") % {
                "school": school,
                "day": _day(school.valid_from),
            }
        if self.ends_school or self.kind == self.Kind.TRANSFER:
            begun = school.managements.filter(valid_to=None, valid_from__gte=self.on).first()
            if begun and begun.valid_from != school.valid_from:
                yield _t("%(school)s về %(district)s từ %(day)s. Ngày có hiệu lực phải sau ngày đó.") % {
                    "school": school,
                    "district": begun.district,
                    "day": _day(begun.valid_from),
                }

    def _rename_faults(self):
        if self.plan.get("name") == self.school.name:
            yield _t("Tên mới trùng với tên đang dùng.")
        last = self.school.former_names.last()
        if last and self.on <= last.valid_to + timedelta(days=1):
            yield _t("Tên “%(name)s” dùng đến hết %(day)s. Ngày có hiệu lực phải sau ngày %(next)s.") % {
                "name": last.name,
                "day": _day(last.valid_to),
                "next": _day(last.valid_to + timedelta(days=1)),
            }

    def _merge_faults(self):
        if len(self.ending) < 2 and not self.into:
            yield _t("Sáp nhập vào một trường mới cần ít nhất hai trường. Đổi tên một trường thì chọn “Đổi tên”.")
        if self.into:
            if self.into in self.ending:
                yield _t("%s không thể sáp nhập vào chính mình. Hãy chọn trường khác.") % self.into
            elif not self.into.is_operating or (self.into.valid_from and self.into.valid_from > self.on):
                yield _t("%s không hoạt động vào ngày đó nên không nhận sáp nhập được.") % self.into
        if len({school.department_id for school in [*self.ending, *filter(None, [self.into])]}) > 1:
            yield _t("Các trường phải thuộc cùng một Sở.")
        yield from self._founding_faults()

    def _founding_faults(self):
        codes = []
        for school in self.founded:
            codes.append(school.code)
            there = School.objects.filter(department=self.school.department_id)
            if school.code and (codes.count(school.code) > 1 or there.filter(code=school.code).exists()):
                yield _t("Mã trường %s đã dùng cho trường khác; mỗi trường một mã.") % school.code

    def _transfer_faults(self):
        if self.district == self.school.district:
            yield _t("%(school)s đang thuộc %(district)s.") % {"school": self.school, "district": self.district}
        elif self.district.department_id != self.school.department_id:
            yield _t("Đơn vị mới phải thuộc cùng một Sở.")
        elif not District.objects.valid_on(self.on).filter(pk=self.district.pk).exists():
            yield _t("%s không hoạt động vào ngày đó.") % self.district

    # --- doing ------------------------------------------------------------------------------------------------------

    def rehearse(self, by):
        """What the act would do, by doing it in a transaction that is rolled back."""
        if faults := self.faults():
            return {"conflicts": faults}
        with transaction.atomic():
            told = self._run(by)[1].told()
            transaction.set_rollback(True)
        self._forget()
        return told

    def before_action(self, name, by):
        if name in ("apply", "undo"):
            self._told_before = self._people()
            ids = self.schools.values_list("pk", flat=True)
            list(School.objects.select_for_update().filter(pk__in=[*ids]).order_by("pk"))
            self._forget()

    def after_action(self, name, by, **given):
        if name == "recheck":
            self.preview = self.rehearse(by)
            self._keep("preview")
        elif name == "apply":
            if faults := self.faults():
                raise Refused(" ".join(faults))
            journal, handover = self._run(by)
            if handover.conflicts:
                raise Refused(
                    _t("Chưa thực hiện được, còn vướng: %s. Không có gì thay đổi.") % "; ".join(handover.conflicts)
                )
            journal.seal()
            self.preview, self.journal = handover.told(), journal.dump()
            self._keep("preview", "journal")
        elif name == "undo":
            self.written.undo()

    def people_to_tell(self):
        """Of every school and unit concerned, before and after."""
        return self._told_before + self._people()

    @property
    def written(self):
        return Journal.load(bytes(self.journal)) if self.journal else Journal()

    def _people(self):
        schools = list(self.schools.all())
        districts = {school.district_id for school in schools} | {self.plan.get("district")} - {None}
        return [person for school in schools for person in access.people_of(school_id=school.pk)] + [
            person for district in sorted(districts) for person in access.people_of(district_id=district)
        ]

    def _keep(self, *fields):
        type(self)._base_manager.filter(pk=self.pk).update(**{name: getattr(self, name) for name in fields})

    def _forget(self):
        """Read the schools afresh: what is in memory may not be what is stored."""
        for name in ("ending", "into", "district"):
            self.__dict__.pop(name, None)
        self.school = School.objects.select_related("district").get(pk=self.school_id)

    def _run(self, by):
        """Write everything; returns (journal, handover)."""
        journal = Journal()
        handover = Handover(journal, self.on, by, str(self))
        getattr(self, f"_{self.kind}")(journal, handover)
        return journal, handover

    def _rename(self, journal, handover):
        former = SchoolName(school=self.school, name=self.school.name, valid_to=handover.eve)
        journal.create([former])
        journal.change(self.school, name=self.plan["name"])
        # Found by the new name too.
        own = Agreement.objects.filter(Q(supporting_school=self.school) | Q(supported_school=self.school))
        journal.change_many([(agreement, {}) for agreement in own.for_list()])

    def _merge(self, journal, handover):
        heir = self.into or self._found(journal)[0]
        for school in self.ending:
            handover.hand_on(school, heir)
            if self.plan.get("keeps_people"):
                handover.keep_people(school, heir, self.number)
            self._retire(school, journal, handover.eve, merged_into=heir)

    def _split(self, journal, handover):
        parts = self._found(journal)
        for index, part in enumerate(parts):
            chosen = [pk for pk, where in self.plan.get("teachers", {}).items() if where == index]
            handover.choose("twinning.Teacher", part, chosen, self.school)
        if self.plan.get("continues"):
            handover.stay(self.school)
        else:
            handover.hand_on(self.school, parts[0])
            self._retire(self.school, journal, handover.eve)

    def _close(self, journal, handover):
        handover.close(self.school)
        self._retire(self.school, journal, handover.eve)

    def _transfer(self, journal, handover):
        journal.change(self.school.managements.get(valid_to=None), valid_to=handover.eve)
        journal.create([SchoolManagement(school=self.school, district=self.district, valid_from=self.on)])
        journal.change(self.school, district=self.district)
        handover.change_district(self.school, self.district)

    def _found(self, journal):
        """Store the founded schools, with who manages them, and note that the act touches them."""
        schools = list(self.founded)
        for school in schools:
            school.set_keys()
        journal.create(schools)
        journal.create(school.first_management() for school in schools)
        journal.create(self.schools.through(schoolchange=self, school=school) for school in schools)
        return schools

    def _retire(self, school, journal, last_day, merged_into=None):
        journal.change_many((row, {"valid_to": last_day}) for row in school.managements.filter(valid_to=None))
        journal.change(school, valid_to=last_day, merged_into=merged_into)


class SchoolChangeEvent(Event):
    subject = models.ForeignKey(SchoolChange, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên thay đổi của trường")
        verbose_name_plural = _("việc trên thay đổi của trường")


def _day(day):
    return vietnamese.day(day)
