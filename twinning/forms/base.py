"""What every form of the portal shares: date and number boxes, pickers for long lists, uploads, "changed meanwhile"."""

import re

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms import REQUIRED
from twinning import vietnamese
from twinning.life import Refused
from twinning.personal import long_number
from twinning.uploads import DOCUMENTS, check_upload
from twinning.vietnamese import normalise

TIME_WORDS = _("Hãy ghi giờ từ 0 đến 23 và phút từ 00 đến 59, ví dụ 14:30 hoặc 14h30.")


class DateBox(forms.DateInput):
    """Day/month/year as people here write it, whatever the language of the browser; static/js/portal.js adds the
    browser's own calendar beside it."""

    def __init__(self, attrs=None):
        shown = {"data-day": "", "inputmode": "numeric", "placeholder": "15/4/2023", "autocomplete": "off"}
        super().__init__({**shown, **(attrs or {})}, format="%-d/%-m/%Y")

    def allow(self, first, last):
        """The days from `first` to `last` only."""
        self.attrs |= {"data-from": first.isoformat(), "data-until": last.isoformat()}


class TimeBox(forms.TimeInput):
    """A time of 24 hours, typed: the browser's own box asks for AM and PM wherever it speaks English. Takes 14:30,
    14h30, 14g30, 14 giờ 30 and 14h; what is no time stays as it was typed."""

    TIME = re.compile(r"(\d{1,2})\s*(?:[:.](?=\s*\d)|h|g|giờ)\s*(\d\d)?(?:\s*(?:p|phút))?", re.IGNORECASE)

    def __init__(self, attrs=None):
        shown = {
            "inputmode": "text",
            "placeholder": "14:30",
            "autocomplete": "off",
            "pattern": r"\s*\d{1,2}\s*([:.]|[hHgG]|[gG]iờ)\s*(\d\d)?(\s*(p|phút))?\s*",
            "data-wrong": TIME_WORDS,
        }
        super().__init__({**shown, **(attrs or {})}, format="%H:%M")

    def value_from_datadict(self, data, files, name):
        typed = super().value_from_datadict(data, files, name)
        found = self.TIME.fullmatch(normalise(typed).strip()) if isinstance(typed, str) else None
        return f"{found[1]}:{found[2] or '00'}" if found else typed


NEED = re.compile(r"(!?)([^=]+)(=.+)?")
NEVER = re.compile(r"(?!)")
# Where Django's own words do not say what to write.
CLEARER = {
    "required": (forms.Field, REQUIRED),
    "invalid": (forms.DateField, _("Hãy ghi ngày, tháng, năm có thật, ví dụ 15/4/2023.")),
}


DASHES = BLANK_CHOICE_DASH[0][1]


def say_clearly(field):
    """Put our words where a field still has Django's; words a form chose itself stay."""
    for code, (owner, words) in CLEARER.items():
        if isinstance(field, owner) and field.error_messages[code] == owner.default_error_messages[code]:
            field.error_messages[code] = words


def name_no_choice(field):
    """ "Không chọn" or "Hãy chọn" where Django offers a row of dashes."""
    words = _("Hãy chọn") if field.required else _("Không chọn")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
        first, *rest = [*field.choices, None]
        if first == ("", DASHES):
            field.choices = [("", words), *rest[:-1]]


class PortalForm:
    """Mixin: the right boxes for dates and numbers, the person who fills in (`user`), and `warnings`: sentences about
    what was stored all the same. `offers_nothing`: there is nothing to choose, so nothing to send either. `closed`: why
    nothing can be sent yet, and what to do; pages show it instead of the form."""

    offers_nothing = False
    closed = ""

    def __init__(self, *args, user=None, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        self.fit_boxes()

    def fit_boxes(self):
        """Call again after adding fields."""
        for field in self.fields.values():
            name_no_choice(field)
            if isinstance(field, forms.DateField):
                field.widget = DateBox(field.widget.attrs)
            elif isinstance(field, forms.TimeField):
                field.widget = TimeBox(field.widget.attrs)
                field.help_text = field.help_text or _("Giờ theo 24 giờ, ví dụ 14:30 hoặc 14h30.")
                field.error_messages["invalid"] = TIME_WORDS
            elif isinstance(field, forms.IntegerField):
                field.widget.attrs.setdefault("inputmode", "numeric")
                field.error_messages["invalid"] = _("Hãy ghi số nguyên, không có phần lẻ.")
                field.re_decimal = NEVER  # Django would read 500.000 as 500
            elif isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4

    def allow_days(self, name, first, last):
        """Say before anything is typed which days a box takes. While there is none the form is `closed`."""
        field, words = self.fields[name], {"first": vietnamese.day(first), "last": vietnamese.day(last)}
        if first > last:
            text = _t(
                "Việc này ghi được từ ngày %(first)s; hãy trở lại khi ấy. Nếu đã làm trước ngày ấy, hãy xem lại "
                "phong trào đang chọn và ngày đã ghi trước đó."
            )
            self.closed = text % words
        until_today = _t("Từ %(first)s đến hôm nay, %(last)s.") if last == timezone.localdate() else ""
        field.help_text = (until_today or _t("Từ %(first)s đến %(last)s.")) % words
        field.widget.allow(first, last)

    def needs(self, name, when, words=""):
        """Let the page mark a box that `clean` asks for only at times. `when`: all of "box=value|other" (chosen),
        "box|other" (one is filled in), "!box" (empty), apart by spaces. The page follows what is chosen by script;
        `words`, or a help text that is there already, tell it to who has none."""
        if name not in self.fields:
            return
        parts = (NEED.fullmatch(part).groups() for part in when.split())
        boxes = ((empty, "|".join(map(self.add_prefix, box.split("|"))), values or "") for empty, box, values in parts)
        self.fields[name].widget.attrs["data-needed"] = " ".join(map("".join, boxes))
        if words:
            told = self.fields[name].help_text
            css = "without-script" if told else "without-script alone"
            self.fields[name].help_text = format_html('{} <span class="{}">{}</span>', told, css, words)

    def full_clean(self):
        for field in self.fields.values():
            say_clearly(field)
        super().full_clean()

    @property
    def warnings(self):
        """Personal data that slipped into free text (Luật 91/2025/QH15: only what the purpose needs)."""
        free_text = [name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]
        return [
            _t(
                "Mục “%(label)s” có dãy số dài “%(number)s”. Nếu là số căn cước, điện thoại hay tài khoản, "
                "hãy sửa lại: cổng không cần và không nên giữ những số này."
            )
            % {"label": self.fields[name].label, "number": found}
            for name in free_text
            if (found := long_number(str(self.cleaned_data.get(name) or "")))
        ]


class SeenMixin(forms.ModelForm):
    """Refuses to overwrite a row that somebody else saved, or closed to edits, since this page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = self.instance.updated_at.isoformat()
        else:
            del self.fields["seen"]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            try:
                self.instance.require_open()
            except Refused as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        seen = self.data.get(self.add_prefix("seen"))
        if self.instance.pk and seen:
            now = type(self.instance)._base_manager.values_list("updated_at", flat=True).get(pk=self.instance.pk)
            if now.isoformat() != seen:
                self.data = self.data.copy()
                self.data[self.add_prefix("seen")] = now.isoformat()
                raise forms.ValidationError(
                    _t(
                        "Người khác đã lưu bản ghi này lúc %s, sau khi thầy/cô mở trang. "
                        "Những gì vừa gõ vẫn còn dưới đây: hãy mở trang xem trong thẻ khác để so, "
                        "rồi bấm lưu lần nữa nếu muốn ghi đè."
                    )
                    % f"{timezone.localtime(now):%H:%M} {vietnamese.day(timezone.localtime(now))}"
                )
        return cleaned


class UnchangedMixin(forms.Form):
    """The same for forms on several rows, or on rows that acts on many rows change too: compares `stored_state()`, a
    text of what is stored, with that of when the page was opened. The page shows beside the form who saved what."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.stored_state()

    def stored_state(self):
        raise NotImplementedError

    def clean(self):
        cleaned = super().clean()
        seen, now = self.data.get(self.add_prefix("seen")), self.stored_state()
        if seen is not None and seen != now:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = now
            raise forms.ValidationError(
                _t(
                    "Người khác đã lưu số liệu này sau khi thầy/cô mở trang (xem Quá trình dưới đây). "
                    "Những gì vừa gõ vẫn còn: hãy so lại, rồi bấm lưu lần nữa nếu muốn ghi đè."
                )
            )
        return cleaned


class Picker(forms.Select):
    """A select that loads its options as one types. Only the chosen option is in the page, however long the list."""

    def __init__(self, url_name, label=str, attrs=None, url_args=()):
        address = reverse_lazy(url_name, args=url_args)
        super().__init__({"data-picker": "", "data-url": address, **(attrs or {})})
        self.label = label

    def optgroups(self, name, value, attrs=None):
        chosen = [v for v in value if str(v).isdecimal()]
        rows = self.choices.queryset.filter(pk__in=chosen) if chosen else []
        every, self.choices = (
            self.choices,
            [("", _("Gõ vài chữ để tìm…")), *((row.pk, self.label(row)) for row in rows)],
        )
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = every

    def __deepcopy__(self, memo):
        clone = super().__deepcopy__(memo)
        clone.label = self.label
        return clone


class SchoolPicker(Picker):
    def __init__(self, attrs=None, url_name="school_options"):
        super().__init__(url_name, label=lambda school: school.full_name, attrs=attrs)


class RowPicker(Picker):
    """One of many in a list of rows: the page has looked up all it needs at once, as plain choices of the field."""

    def optgroups(self, name, value, attrs=None):
        chosen = set(map(str, value))
        every = self.choices
        self.choices = [("", _("Gõ vài chữ để tìm…")), *(pair for pair in every if pair[0] and str(pair[0]) in chosen)]
        try:
            return forms.Select.optgroups(self, name, value, attrs)
        finally:
            self.choices = every


class UploadField(forms.FileField):
    """One file, checked by its content."""

    def __init__(self, *args, extensions=DOCUMENTS, **kwargs):
        self.extensions = extensions
        kwargs.setdefault("widget", forms.ClearableFileInput(attrs={"accept": ",".join(extensions)}))
        super().__init__(*args, **kwargs)
        self.error_messages["empty"] = _("Tệp rỗng (0 byte). Hãy mở thử tệp trên máy rồi chọn lại.")

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return check_upload(upload, self.extensions) if upload else upload


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyUploadsField(UploadField):
    """Any number of files; `clean` gives a list."""

    def __init__(self, *args, **kwargs):
        extensions = kwargs.get("extensions", DOCUMENTS)
        kwargs.setdefault("widget", ManyFilesInput(attrs={"accept": ",".join(extensions)}))
        super().__init__(*args, **kwargs)
        self.error_messages["required"] = _("Hãy chọn ít nhất một tệp.")

    def clean(self, data, initial=None):
        files = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file]
        if not files:
            return [super().clean(None, initial)] if self.required else []
        return [super(ManyUploadsField, self).clean(file, initial) for file in files]
