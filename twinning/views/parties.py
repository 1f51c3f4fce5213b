"""The parties of an agreement beside their lead units."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, agreement_text
from twinning.forms.parties import PartiesForm
from twinning.models import Agreement
from twinning.views.sides import AroundAgreement


class PartiesEdit(AroundAgreement):
    """Member units and further signatories, as long as the agreement is open to edit."""

    form_class = PartiesForm
    heading = _("Các bên")
    event = "parties"

    def may(self, user):
        return access.writes_parties(user, self.object)

    def is_open(self):
        return self.object.is_open_to_edit()

    def save(self, form):
        before = agreement_text.commitments(self.object)
        super().save(form)
        self.object.ask_again(self.request.user, before)
        asked = self.object.status == Agreement.Status.WAITING
        self.done = Agreement.ACTIONS["revise"].done if asked else _t("Đã lưu các bên của giao ước.")
