"""The form of an action, made from what its row in the ACTIONS table asks for."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.forms.base import PortalForm, UploadField


class ActionForm(PortalForm, forms.ModelForm):
    """Model fields of the action, plus "note" (a reason) and "scan" (a file) when it asks for them."""

    def add_error(self, field, error):
        # Of the rules of the whole row only those on what is asked here: the rest was right when it was saved, and
        # cannot be changed here.
        if field is None and hasattr(error, "error_dict"):
            asked = {*self.fields, NON_FIELD_ERRORS}
            error.error_dict = {name: errors for name, errors in error.error_dict.items() if name in asked}
        super().add_error(field, error)

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            # The rules that tie what is asked to what is stored already: delivered after it was pledged, say.
            self.instance.validate_constraints()
        except ValidationError as error:
            self._update_errors(error)

    def given(self):
        """Keyword arguments for `perform`."""
        return dict(self.cleaned_data)


def action_form(thing, action, user=None, data=None, files=None, initial=None, **_unused):
    """A bound or empty form for `action` on `thing`; with nothing to ask it has no fields and is valid when posted."""
    extra = {}
    if "note" in action.asks:
        extra["note"] = forms.CharField(
            label=_("Lý do"),
            widget=forms.Textarea(attrs={"rows": 4}),
            max_length=2000,
            error_messages={"required": _("Hãy ghi lý do để bên kia biết cần làm gì.")},
        )
    if "scan" in action.asks:
        extra["scan"] = UploadField(label=_("Bản ký (scan hoặc ảnh)"), help_text=_("PDF, JPG hoặc PNG, tối đa 20 MB."))
    own = {field.name for field in thing._meta.fields}
    names = [name for name in action.asks if name in own and name not in extra]
    meta = type("Meta", (), {"model": type(thing), "fields": names})
    form_class = type("ActionFormOf", (ActionForm,), {"Meta": meta, **extra})
    # A copy: a form that fails must not leave its values on the object the page shows.
    fresh = type(thing)._base_manager.get(pk=thing.pk)
    form = form_class(data=data, files=files, instance=fresh, initial=initial, user=user)
    for name, field in form.fields.items():
        field.required = name not in action.optional
        if isinstance(field, forms.DateField) and form.initial.get(name) is None:
            form.initial[name] = _suggested_day(thing)
        if isinstance(field, forms.DateField) and hasattr(thing, "days_for"):
            form.allow_days(name, *thing.days_for(name))
    return form


def _suggested_day(thing):
    """Today, or the last day of a programme that is over."""
    today = timezone.localdate()
    programme = getattr(thing, "programme", None)
    return programme.clamp(today) if programme else today
