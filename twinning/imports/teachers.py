"""Import of teacher rosters: a person is known by the school and the code, or else by the school and the name."""

import re

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.imports import cells
from twinning.imports.cells import RowError, each
from twinning.imports.finder import like_key
from twinning.imports.kind import CHANGE, CREATE, SAME, Column, Kind, Skipped
from twinning.imports.school_columns import SCHOOL_COLUMNS, of_school, school_said
from twinning.models import Subject, Teacher
from twinning.vietnamese import fold, number

STEP = 20_000  # rows written at a time


NAME_COLUMN = Column(
    "full_name",
    _("Họ và tên"),
    cells.person(120),
    (
        "Họ tên",
        "Tên giáo viên",
        "Họ và tên giáo viên",
        "Họ tên giáo viên",
        "Giáo viên",
        "Họ tên CBGV",
        "Họ và tên CBGV",
        "Họ và tên CB, GV, NV",
        "Họ và tên cán bộ, giáo viên",
        "Họ đệm và tên",
        "Họ, đệm và tên",
    ),
    is_required=True,
    example="Nguyễn Văn An",
    halves=(
        ("Họ đệm", "Họ và tên đệm", "Họ và đệm", "Họ, đệm", "Họ lót", "Họ"),
        ("Tên đệm", "Đệm", "Chữ đệm", "Tên lót", "Chữ lót"),
        ("Tên",),
    ),
)
CODE_COLUMN = Column(
    "teacher_code",
    _("Mã giáo viên"),
    cells.code,
    ("Mã GV", "Mã cán bộ", "Mã CBGV", "Mã định danh", "Số hiệu", "Mã định danh Bộ GD&ĐT"),
    example="0102050101",
)


MANAGERS = re.compile(r"\b(?:pho )?(?:hieu truong|giam doc)\b|\bhieu pho\b|\b(?:can bo )?quan ly\b|\bcbql\b|^p?ht$")


STAFF = re.compile(
    r"\b(?:nhan vien|ke toan|van thu|bao ve|y te|thu vien|thu quy|cap duong|nau an|tap vu|lao cong|phuc vu)\b"
)
TEACHERS = re.compile(r"\b(?:giao vien|gv\w*|to truong|to pho|tt\w*|tp\w*)\b")
IS_STAFF = "staff"


def is_manager(cell, reading):
    """Whether an office that is written is that of a manager, or IS_STAFF; None where none is."""
    if (office := cells.text(cell, reading)) is None:
        return None
    words = fold(office)
    if STAFF.search(words) and not (MANAGERS.search(words) or TEACHERS.search(words)):
        return IS_STAFF
    return bool(MANAGERS.search(words))


class Teachers(Kind):
    slug, command, icon = "giao-vien", "teachers", "users"
    title = _("Giáo viên")
    intro = _("Danh sách giáo viên của trường, để ghi tên khi tham gia hoạt động.")
    roles = access.IMPORT_ROLES_SCHOOL
    columns = (
        *SCHOOL_COLUMNS,
        NAME_COLUMN,
        CODE_COLUMN,
        Column(
            "subject",
            _("Môn dạy"),
            cells.text,
            ("Môn", "Môn học", "Chuyên môn", "Bộ môn", "Dạy môn", "Môn giảng dạy"),
            example="Toán",
        ),
        Column(
            "is_manager",
            _("Chức vụ"),
            is_manager,
            ("Chức danh", "Vị trí việc làm", "Vị trí"),
            note=_("Hiệu trưởng, phó hiệu trưởng là cán bộ quản lý; khi điểm danh được tính riêng."),
            example="giáo viên",
        ),
    )

    def said(self, titles):
        return school_said(self, titles)

    def load(self, rows):
        self.subject_names = dict(Subject.objects.values_list("pk", "name"))
        self.subjects = {}  # words of the sheet → id, or None
        self.owned, self.seen, self.met = {}, {}, set()
        self.default = access.seat(self.user).school if access.seat(self.user).school_id else None
        self.by_code, self.by_name = {}, {}
        stored = Teacher.objects.filter(school__department=self.department)
        for pk, school, name, key, code, subject, manages in stored.values_list(
            "pk", "school", "full_name", "name_key", "code", "subject", "is_manager"
        ):
            kept = (pk, name, code, subject, manages)
            if code:
                self.by_code[school, code] = kept
            self.by_name.setdefault((school, key), []).append(kept)

    def plan(self, row):
        values = row.values
        if values.get("is_manager") == IS_STAFF:
            raise Skipped(_t("là nhân viên, không phải giáo viên hay cán bộ quản lý"))
        name = values["full_name"]
        school, code = each(lambda: self._school(row), lambda: self._code(row))
        subject = self._subject(row)
        key = fold(name)
        mark = (school.pk, code or key)
        if mark in self.seen:
            number, other = self.seen[mark]
            if other == name or code:
                raise RowError("full_name", _t("Trùng với dòng %d của tệp.") % number)
            text = _t("Tên chỉ khác dấu với “%(other)s” ở dòng %(n)d. Nếu là hai người, hãy ghi mã giáo viên.")
            raise RowError("full_name", text % {"other": other, "n": number})
        self.seen[mark] = row.number, name
        row.label = f"{name} · {school}" + (f" · {code}" if code else "")
        there = self._there(school.pk, key, code)
        if there is None:
            row.action = CREATE
            row.item = Teacher(school_id=school.pk, full_name=name, name_key=key, code=code, subject_id=subject)
            row.item.is_manager = values.get("is_manager", False)
            return
        pk, old_name, old_code, old_subject, managed = there
        self.met.add(pk)
        wanted = {}
        if old_name != name:
            wanted["full_name"] = (old_name, name)
        if code and old_code != code:
            wanted["code"] = (old_code, code)
        if subject and old_subject != subject:
            wanted["subject_id"] = (old_subject, subject)
        if (manages := values.get("is_manager")) not in (None, managed):
            wanted["is_manager"] = (managed, manages)
        row.action = CHANGE if wanted else SAME
        if wanted:
            row.item = (pk, {field: new for field, (_old, new) in wanted.items()})
            row.changes = tuple(
                (self._label(field), self._words(field, old), self._words(field, new))
                for field, (old, new) in wanted.items()
            )

    def write(self, items, journal, progress):
        for start in range(0, len(items), STEP):
            batch = items[start : start + STEP]
            # Changes first: who gets a code leaves the name without one to the next.
            changes = dict(item for action, item in batch if action == CHANGE)
            stored = Teacher.objects.in_bulk(list(changes))
            journal.change_many((stored[pk], values) for pk, values in changes.items())
            journal.create(item for action, item in batch if action == CREATE)
            progress(100 * start // len(items), _t("Ghi dòng %s") % number(start))

    def present(self):
        own = Teacher.objects.visible_to(self.user).filter(school__department=self.department)
        teachers = own.select_related("school__district", "subject").order_by(
            "school__sort_key", "school", "name_key", "pk"
        )
        for teacher in teachers.iterator(chunk_size=2000):
            yield of_school(teacher.school) | {
                "full_name": teacher.full_name,
                "teacher_code": teacher.code,
                "subject": teacher.subject and teacher.subject.name,
                "is_manager": self._words("is_manager", teacher.is_manager),
            }

    def _school(self, row):
        values = row.values
        named = (values.get("code"), values.get("school"), values.get("district"))
        if named not in self.owned:
            school = self.default if self.default and not any(named[:2]) else self.school(row)
            self.require_own(school)
            self.owned[named] = school
        return self.owned[named]

    @staticmethod
    def _code(row):
        code = row.values.get("teacher_code", "")
        if len(code) > 20:
            raise RowError("teacher_code", _t("Mã dài quá 20 ký tự."))
        return code

    def _there(self, school, key, code):
        """What is stored of this person: by the code, else the one of this name who has no other code."""
        if code and (found := self.by_code.get((school, code))):
            return found
        named = [kept for kept in self.by_name.get((school, key), ()) if kept[0] not in self.met]
        bare = [kept for kept in named if not kept[2]]
        if code:
            return bare[0] if len(bare) == 1 else None
        return next(iter(bare or named), None)

    def _subject(self, row):
        """The id of the subject, or None; a subject the portal does not have is no reason to leave the person out."""
        name = row.values.get("subject")
        if name is None:
            return None
        if name not in self.subjects:
            found = self.finder.subjects.get(like_key(name))
            self.subjects[name] = found and found.pk
        if self.subjects[name] is None:
            row.notes += (_t("môn “%s” không có trong danh mục môn học nên không ghi") % name,)
        return self.subjects[name]

    def _label(self, field):
        return str(Teacher._meta.get_field(field).verbose_name)

    def _words(self, field, value):
        if field == "subject_id":
            return self.subject_names.get(value, "–")
        if field == "is_manager":
            return _t("cán bộ quản lý") if value else _t("giáo viên")
        return value or "–"
