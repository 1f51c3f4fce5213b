"""A sponsored pupil: what may be known of it, and nothing more."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import SponsoredPupil
from twinning import access
from twinning.forms.base import PortalForm
from twinning.models import Agreement, Programme
from twinning.personal import refuse_long_number, refuse_person


class SponsoredPupilForm(PortalForm, forms.ModelForm):
    class Meta:
        model = SponsoredPupil
        fields = ["agreement", "grade", "need", "since", "until", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.instance.school = access.seat(self.user).school
            self.initial["since"] = timezone.localdate()
        programme = Programme.objects.current_for(self.user)
        own = Q(supporting_school=self.instance.school_id) | Q(supported_school=self.instance.school_id)
        field = self.fields["agreement"]
        field.queryset = Agreement.objects.visible_to(self.user).signed().for_list().filter(own, programme=programme)
        field.empty_label = None if field.queryset.count() == 1 else _("Chọn giao ước")
        self.fields["note"].validators += [refuse_long_number, refuse_person]

    def _get_validation_exclusions(self):
        # The school is ours, not typed; the rule that it is a side of the agreement needs it.
        return super()._get_validation_exclusions() - {"school"}
