"""Signing many agreements at one ceremony, and the page of a ceremony."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views import View

from twinning import access
from twinning.forms.ceremony import CeremonyForm, signing_forms
from twinning.life import Refused
from twinning.models import Agreement, Ceremony, Programme
from twinning.pages import DetailPage
from twinning.vietnamese import number

MOST_AT_ONCE = 100


class CeremonyCreate(View):
    """`/giao-uoc/le-ky/moi/`: everything confirmed that the person may sign, ticked; all are signed or none. Of the
    programme in use, or of the first one that has any."""

    def dispatch(self, request, *args, **kwargs):
        if not access.is_signer(request.user):
            raise Http404
        ready = Agreement.objects.editable_by(request.user).ready_to_sign().for_list().order_by("pk")
        having = set(ready.order_by().values_list("programme", flat=True))
        programmes = Programme.objects.chosen_first(request.user)
        self.programme = next((programme for programme in programmes if programme.pk in having), None)
        ready = ready.filter(programme=self.programme)[:MOST_AT_ONCE]
        self.agreements = [a for a in ready if "sign" in a.actions_for(request.user)]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.show(CeremonyForm(user=request.user), signing_forms(self.agreements, request.user))

    def post(self, request):
        form = CeremonyForm(request.POST, request.FILES, user=request.user)
        rows = signing_forms(self.agreements, request.user, request.POST, request.FILES)
        if not all([form.is_valid(), *[row.is_valid() for row in rows]]):
            return self.show(form, rows, status=422)
        chosen = [row for row in rows if row.cleaned_data["chosen"]]
        if not chosen:
            form.add_error(None, _t("Chưa chọn giao ước nào. Hãy đánh dấu những giao ước đã ký tại lễ."))
            return self.show(form, rows, status=422)
        try:
            with transaction.atomic():
                ceremony = self.sign(form, chosen)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, rows, status=422)
        messages.success(request, _t("Đã ghi nhận %s giao ước ký tại lễ.") % number(len(chosen)))
        return redirect("ceremony_detail", ceremony.pk)

    def sign(self, form, chosen):
        """Store the ceremony and sign each of `chosen` in the order shown. Raises Refused, naming the agreement."""
        form.instance.programme, form.instance.recorded_by = self.programme, self.request.user
        ceremony = form.save()
        for row in chosen:
            given = {name: row.cleaned_data[name] for name in row.cleaned_data if name not in ("chosen", "scan")}
            scan = row.cleaned_data["scan"] or form.cleaned_data["scan"]
            try:
                row.agreement.sign_at(ceremony, self.request.user, scan=scan, **given)
            except Refused as refusal:
                raise Refused(f"{row.agreement}: {refusal}") from refusal
        return ceremony

    def show(self, form, rows, status=200):
        context = {"form": form, "rows": rows, "back_url": reverse("agreement_list")}
        return render(self.request, "twinning/ceremony_form.html", context, status=status)


class CeremonyDetail(DetailPage):
    model = Ceremony
    queryset = Ceremony.objects.select_related("programme", "recorded_by")
    template_name = "twinning/ceremony_detail.html"

    def get_context_data(self, **kwargs):
        signed = self.object.agreements.visible_to(self.request.user).for_list().order_by("pk")
        return super().get_context_data(agreements=list(signed), **kwargs)
