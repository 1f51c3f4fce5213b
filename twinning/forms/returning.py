"""Returning what another unit wrote: a general reason, comments on its single parts, or both."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning.forms.action import ActionForm


class ReturnForm(ActionForm):
    """With comments only the parts that have one reopen.

    Subclasses say in `explain` what the reader should do, in `nothing_said` what is missing when there is no reason at
    all, and give `parts()`: [(name, label, what stands there)]; `name` is that of a comment for `perform`.
    """

    note = forms.CharField(
        label=_("Ý kiến chung"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.all_parts = list(self.parts())
        for name, label, _said in self.all_parts:
            self.fields[f"on_{name}"] = forms.CharField(
                label=_t("Ý kiến về “%s”") % label,
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def parts(self):
        raise NotImplementedError

    def rows(self):
        """(label, what stands there, bound field) of each part one can comment on."""
        return [(label, said, self[f"on_{name}"]) for name, label, said in self.all_parts]

    def clean(self):
        cleaned = super().clean()
        self.comments = {name: text for name, *_rest in self.all_parts if (text := cleaned.get(f"on_{name}"))}
        if not cleaned.get("note") and not self.comments and not self.errors:
            raise forms.ValidationError(self.nothing_said)
        return cleaned

    def given(self):
        return {"note": self.cleaned_data["note"], "comments": self.comments}
