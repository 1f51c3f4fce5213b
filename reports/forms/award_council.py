"""What goes before the council on awards, and its minutes with the votes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models import (
    AwardMeeting,
)
from twinning.forms.base import PortalForm, UnchangedMixin
from twinning.forms.numbers import WholeNumberField
from twinning.vietnamese import number


class ShortlistForm(PortalForm, forms.Form):
    """Which of the nominations before the Department go to the council."""

    chosen = forms.MultipleChoiceField(
        label=_("Đề nghị"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chưa chọn đề nghị nào. Hãy đánh dấu những đề nghị trình hội đồng.")},
    )

    def __init__(self, *args, nominations, **kwargs):
        super().__init__(*args, **kwargs)
        self.nominations = {str(nomination.pk): nomination for nomination in nominations}
        self.fields["chosen"].choices = [(pk, str(nomination)) for pk, nomination in self.nominations.items()]

    def picked(self):
        return [self.nominations[pk] for pk in self.cleaned_data["chosen"]]


class MeetingForm(PortalForm, UnchangedMixin, forms.ModelForm):
    """The minutes, and below them the votes for each nomination at the council."""

    class Meta:
        model = AwardMeeting
        fields = [
            "council",
            "number",
            "held_on",
            "starts_at",
            "ends_at",
            "place",
            "members",
            "present",
            "attendees",
            "absent",
            "chair_name",
            "chair_title",
            "secretary_name",
            "secretary_title",
            "course",
        ]
        field_classes = {"members": WholeNumberField, "present": WholeNumberField}

    def __init__(self, *args, award_round, nominations, **kwargs):
        self.award_round, self.nominations = award_round, nominations
        kwargs["instance"] = AwardMeeting.objects.filter(round=award_round).first() or AwardMeeting(round=award_round)
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial |= {
                "council": _t("Hội đồng Thi đua, Khen thưởng %s") % award_round.department.name,
                "held_on": timezone.localdate(),
                "place": award_round.department.name,
            }
        for nomination in nominations:
            for name, label in (("for", _("đồng ý")), ("against", _("không đồng ý"))):
                self.fields[f"{name}_{nomination.pk}"] = WholeNumberField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=999,
                    initial=getattr(nomination, f"votes_{name}"),
                )
        self.fit_boxes()

    def stored_state(self):
        written = self.instance.updated_at.isoformat() if self.instance.pk else ""
        return repr((written, [(n.pk, n.votes_for, n.votes_against) for n in self.nominations]))

    @property
    def votes(self):
        """[(nomination, boxes)] for the page."""
        return [(n, [self[f"for_{n.pk}"], self[f"against_{n.pk}"]]) for n in self.nominations]

    @property
    def facts(self):
        """The boxes of the minutes themselves."""
        return [self[name] for name in self.Meta.fields]

    def clean(self):
        cleaned = super().clean()
        if not self.award_round.is_open_to_edit():
            raise forms.ValidationError(
                _t("Đợt xét khen đang “%s” nên biên bản không sửa được nữa.") % self.award_round.get_status_display()
            )
        present = cleaned.get("present")
        for nomination in self.nominations:
            names = f"for_{nomination.pk}", f"against_{nomination.pk}"
            given = [cleaned.get(name) for name in names]
            if given[0] is None and given[1] is not None and names[0] not in self.errors:
                self.add_error(names[0], _t("Hãy ghi số phiếu đồng ý."))
            elif present is not None and sum(n or 0 for n in given) > present:
                self.add_error(
                    names[0],
                    _t("Cộng hai loại là %(n)s phiếu, nhiều hơn %(present)s thành viên dự họp.")
                    % {"n": number(sum(n or 0 for n in given)), "present": number(present)},
                )
        return cleaned

    def save(self, commit=True):
        meeting = super().save(commit)
        for nomination in self.nominations:
            given = self.cleaned_data[f"for_{nomination.pk}"], self.cleaned_data[f"against_{nomination.pk}"]
            if given[0] is not None and given[1] is None:
                given = given[0], meeting.present - given[0]
            if given != (nomination.votes_for, nomination.votes_against):
                nomination.votes_for, nomination.votes_against = given
                nomination.save(update_fields=["votes_for", "votes_against", "updated_at"])
        return meeting
