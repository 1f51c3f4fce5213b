"""What the Department sets for a programme."""

from django import forms

from twinning.forms.base import PortalForm
from twinning.models import Programme


class PublicForm(PortalForm, forms.ModelForm):
    class Meta:
        model = Programme
        fields = ["is_public"]
