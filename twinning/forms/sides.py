"""What hangs on the sides of an agreement, as lists of rows typed on one page: the task force and the like."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.forms.base import PortalForm, UnchangedMixin
from twinning.models import Agreement, TaskForceMember
from twinning.vietnamese import same_key

Side = Agreement.Side


class RowForm(PortalForm, forms.Form):
    """One row of a list. A row in which none of `telling` is typed is no row, whatever it was before."""

    telling = ()
    needed = {}  # field that a row must have → what is said when it has not

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.needed:
            self.needs(name, "|".join(self.telling), _("Bắt buộc với dòng đã ghi."))

    def clean(self):
        cleaned = super().clean()
        if not self.is_blank:
            for name, message in self.needed.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, message)
        return cleaned

    @property
    def is_blank(self):
        return not any(self.cleaned_data.get(name) or name in self.errors for name in self.telling)


class BaseRows(forms.BaseFormSet):
    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "missing_management_form": _("Trang gửi lên bị thiếu. Hãy tải lại trang rồi gửi lại."),
        "too_many_forms": _("Mỗi bên ghi tối đa %(num)d dòng."),
    }
    deletion_widget = forms.CheckboxInput

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Bỏ")
        form.fields["DELETE"].widget.attrs["class"] = "form-check-input"

    @property
    def kept(self):
        """The rows that say something and are not taken away; call when valid."""
        return [row for row in self.forms if not row.is_blank and not self._should_delete_form(row)]


class SidesForm(PortalForm, UnchangedMixin):
    """Lists of rows on the sides of an agreement, one for each side the person writes for. What is typed is what is
    stored: rows that are no longer there go.

    Subclasses give `row_class`, `stored(key)` (the initial values of rows), `check(key, rows)` and `store(key, rows)`,
    which returns in words what changed. A key is a side; a form with several lists a side has its own `keys()`.
    """

    row_class = None
    most = 30
    extra = 2
    add = _("Thêm dòng")

    def __init__(self, *args, agreement, **kwargs):
        self.agreement = agreement
        self.user = kwargs.get("user")
        # Before the boxes are made: they compare with what is stored.
        self.before = {key: self.stored(key) for key in self.keys()}
        super().__init__(*args, **kwargs)
        self.lists = {key: self._list(key) for key in self.before}

    def keys(self):
        return [side for side in Side if side in access.keeps_sides(self.user, self.agreement)]

    def prefix_of(self, key):
        return key.value

    def class_of(self, key):
        return self.row_class

    def row_kwargs(self, key):
        return {}

    def _list(self, key):
        rows = forms.formset_factory(
            self.class_of(key),
            formset=BaseRows,
            extra=self.extra,
            max_num=self.most,
            validate_max=True,
            absolute_max=self.most + 50,
            can_delete=True,
        )
        return rows(
            data=self.data if self.is_bound else None,
            prefix=self.prefix_of(key),
            # What is typed stands for itself: a row like one that is stored is no untouched row.
            initial=None if self.is_bound else self.before[key],
            form_kwargs={"user": self.user, **self.row_kwargs(key)},
        )

    @property
    def parts(self):
        """[{title, note, rows, add}] for the page."""
        return [
            {"title": self.title(key), "note": self.note(key), "rows": rows, "add": self.add}
            for key, rows in self.lists.items()
        ]

    def title(self, key):
        return self.agreement.party_name(key)

    def note(self, key):
        """What there is to know about the rows of a list."""
        return ""

    def stored_state(self):
        return repr([(str(key), [sorted(row.items()) for row in rows]) for key, rows in self.before.items()])

    def is_open(self):
        return self.agreement.status in Agreement.Status.open()

    def clean(self):
        cleaned = super().clean()
        if not self.is_open():
            text = _t("Giao ước này nay ở tình trạng “%s” nên không sửa được nữa.")
            raise forms.ValidationError(text % self.agreement.get_status_display())
        for key, rows in self.lists.items():
            if rows.is_valid():
                self.check(key, rows.kept)
        if any(row.errors for rows in self.lists.values() for row in rows.forms) or not all(
            rows.is_valid() for rows in self.lists.values()
        ):
            self.add_error(None, _t("Chưa lưu: hãy xem các dòng có báo lỗi dưới đây."))
        return cleaned

    def check(self, key, rows):
        """Say what is wrong with the rows of a list taken together."""

    def save(self):
        """Store what was typed. Returns what changed, list by list, in words; empty when nothing did."""
        changes = {key: self.store(key, rows.kept) for key, rows in self.lists.items()}
        return "\n".join(f"{self.title(key)}: {change}" for key, change in changes.items() if change)


def difference(before, after):
    """ "thêm A, B; bỏ C" of two lists of texts; "sắp lại" when only the order or what stands beside changed."""
    added = [text for text in after if text not in before]
    gone = [text for text in before if text not in after]
    parts = [
        _t("thêm %s") % ", ".join(added) if added else "",
        _t("bỏ %s") % ", ".join(gone) if gone else "",
    ]
    return "; ".join(filter(None, parts)) or _t("sắp lại thứ tự")


# --- The task force ---------------------------------------------------------------------------------------------------


class TaskForceRow(RowForm):
    telling = ("full_name", "position")
    needed = {"full_name": _("Hãy ghi họ và tên.")}

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120, required=False)
    position = forms.CharField(label=_("Chức vụ, đơn vị"), max_length=150, required=False)
    duty = forms.ChoiceField(
        label=_("Nhiệm vụ"), choices=TaskForceMember.Duty, initial=TaskForceMember.Duty.MEMBER, required=False
    )


class TaskForceForm(SidesForm):
    row_class = TaskForceRow
    add = _("Thêm người")

    def stored(self, side):
        rows = self.agreement.task_force.filter(side=side)
        return list(rows.values("full_name", "position", "duty"))

    def check(self, side, rows):
        heads, seen = [], set()
        for row in rows:
            typed = row.cleaned_data
            key = same_key(typed["full_name"]), same_key(typed["position"])
            if key in seen:
                row.add_error("full_name", _t("Người này đã ghi ở dòng trên."))
            seen.add(key)
            if typed["duty"] == TaskForceMember.Duty.HEAD:
                if heads:
                    text = _t("Mỗi bên chỉ có một tổ trưởng; %s đã là tổ trưởng.")
                    row.add_error("duty", text % heads[0])
                heads.append(typed["full_name"])

    def store(self, side, rows):
        new = [
            TaskForceMember(
                agreement=self.agreement,
                side=side,
                full_name=row.cleaned_data["full_name"],
                position=row.cleaned_data["position"],
                duty=row.cleaned_data["duty"] or TaskForceMember.Duty.MEMBER,
            )
            for row in rows
        ]
        old = list(self.agreement.task_force.filter(side=side))
        before, after = ([_member_in_words(member) for member in members] for members in (old, new))
        if before == after:
            return ""
        self.agreement.task_force.filter(side=side).delete()
        TaskForceMember.objects.bulk_create(new)
        return difference(before, after)


def _member_in_words(member):
    duty = "" if member.duty == TaskForceMember.Duty.MEMBER else f", {member.get_duty_display()}"
    return f"{member.full_name}{f' ({member.position})' if member.position else ''}{duty}"
