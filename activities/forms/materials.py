"""Sharing a paper or a link of an activity as material for others, and a new version of its file."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import ActivityDocument, Material
from twinning import access
from twinning.access import Readers
from twinning.forms.base import PortalForm, SeenMixin, UploadField
from twinning.models import SchoolYearFigures
from twinning.personal import long_number, refuse_long_number

MOST_NAMED = 3


class MaterialForm(PortalForm, SeenMixin):
    """What it is, for whom, and how it may be used; a new one with its file or link, and a stored one with its link."""

    file = UploadField(
        label=_("Tệp"), required=False, help_text=_("PDF, Word, Excel, PowerPoint hoặc ảnh; tối đa 20 MB.")
    )
    document = forms.ModelChoiceField(
        label=_("Hoặc dùng tệp đã có trong hoạt động"),
        queryset=ActivityDocument.objects.none(),
        required=False,
        empty_label=_("Không dùng"),
    )
    is_clean = forms.BooleanField(
        label=_("Tài liệu không có tên, ảnh riêng của học sinh; đơn vị được quyền chia sẻ."),
        error_messages={
            "required": _("Hãy xem lại tài liệu rồi đánh dấu ô này. Có tên học sinh thì xoá tên trước khi chia sẻ.")
        },
    )

    class Meta:
        model = Material
        fields = ["title", "kind", "level", "subject", "description", "link", "readers", "licence"]
        field_classes = {"link": forms.CharField}  # says itself what is wrong with an address
        widgets = {"readers": forms.RadioSelect, "licence": forms.RadioSelect, "link": forms.URLInput}
        help_texts = {
            "title": _("Gọi đúng thứ đồng nghiệp sẽ tìm, ví dụ “Kế hoạch bài dạy: Phân số bằng nhau, Toán 6”."),
            "description": _("Dùng vào lúc nào, điều gì đã rút ra. Không ghi tên học sinh."),
            "link": _("Địa chỉ https:// của bản ghi hình hoặc tài liệu để nơi khác, mở được không cần xin phép."),
        }

    def __init__(self, *args, activity=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.activity = activity or self.instance.activity
        for name in ("level", "subject"):
            self.fields[name].required = False
        self.fields["level"].choices = [("", _("Mọi cấp học")), *SchoolYearFigures.Level.choices]
        self.fields["subject"].empty_label = _("Không theo môn")
        self.fields["title"].validators.append(refuse_long_number)
        self.fields["kind"].choices = [("", _("Chọn loại…")), *Material.Kind.choices]
        self.fields["readers"].choices = [
            (Readers.PAIR, self.pair_in_words()),
            (Readers.DISTRICTS, _t("Mọi trường của %s") % self.districts_in_words()),
            (Readers.PROGRAMME, _t("Mọi trường, đơn vị thuộc %s") % self.activity.programme.department.short_name),
        ]
        self.fields["licence"].choices = [
            (licence, f"{licence.label}: {Material.LICENCE_MEANS[licence]}") for licence in Material.Licence
        ]
        if self.instance.pk:
            for name in ("file", "document", "is_clean"):
                del self.fields[name]
            return
        self.instance.activity = self.activity
        self.initial.setdefault("readers", Readers.PAIR)  # wider only when somebody says so
        documents = ActivityDocument.objects.filter(access.sent_in_by_unit_of(self.user))
        self.fields["document"].queryset = self.activity.documents.filter(
            pk__in=documents.values("pk"), material=None
        ).order_by("name")
        if not self.fields["document"].queryset.exists():
            del self.fields["document"]
        self.order_fields(["title", "kind", "level", "subject", "description", "file", "document", "link"])

    def pair_in_words(self):
        if self.activity.agreement:
            return _t("Hai bên: %s") % self.activity.agreement.pair
        return _t("Các đơn vị cùng tham gia hoạt động")

    def districts_in_words(self):
        agreement = self.activity.agreement
        names = [agreement.supporting_district, agreement.supported_district] if agreement else []
        names += [row.district for row in self.activity.units.select_related("district")]
        names = list(dict.fromkeys(map(str, filter(None, names))))
        shown = ", ".join(names[:MOST_NAMED])
        return f"{shown} …" if len(names) > MOST_NAMED else shown

    def clean(self):
        cleaned = super().clean()
        given = [name for name in ("file", "document") if cleaned.get(name)]
        if len(given) > 1:
            self.add_error("document", _t("Hãy chọn một trong hai: tải tệp mới, hoặc dùng tệp đã có."))
        has_file = given or (self.instance.pk and self.instance.file)
        if not has_file and not cleaned.get("link") and not {"file", "document", "link"} & self.errors.keys():
            raise ValidationError(_t("Hãy chọn tệp hoặc ghi liên kết tới tài liệu."))
        return cleaned

    @property
    def warnings(self):
        return super().warnings + _warn_of_name(self.cleaned_data.get("file"))

    def save(self, commit=True):
        """Store it, a new one as shared by the unit of the person, with its file. Raises Refused when the chosen
        document has just been shared by somebody else."""
        if self.instance.pk:
            return super().save(commit)
        seat = access.seat(self.user)
        self.instance.school = seat.school
        self.instance.district = seat.school.district if seat.school_id else seat.district
        material = super().save(commit)
        if upload := self.cleaned_data.get("file"):
            material.keep_file(upload, self.user)
        elif document := self.cleaned_data.get("document"):
            material.take_document(document)
        return material


class VersionForm(PortalForm, forms.Form):
    """A new version of the file."""

    file = UploadField(label=_("Tệp bản mới"))
    note = forms.CharField(
        label=_("Bản mới khác gì"),
        required=False,
        max_length=500,
        widget=forms.Textarea,
        help_text=_("Không bắt buộc."),
    )

    @property
    def warnings(self):
        return super().warnings + _warn_of_name(self.cleaned_data.get("file"))


def _warn_of_name(upload):
    """Names of files are shown to all readers."""
    if upload and (number := long_number(upload.name)):
        words = {"name": Truncator(upload.name).chars(60), "number": number}
        text = _t(
            "Tên tệp “%(name)s” có dãy số dài “%(number)s”. Nếu là số của một người, hãy đổi tên tệp rồi gửi bản mới."
        )
        return [text % words]
    return []
