"""Pages of pilot schools: choosing them, how many there should be, and who still misses some."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.filters.agreements import PilotFilter
from twinning.forms.pilots import PilotsForm, QuotasForm
from twinning.models import Agreement, Programme
from twinning.models.pilot import schools_of_side
from twinning.pages import ListPage, SmallFormPage
from twinning.tables import PilotTable
from twinning.views.schools import options
from twinning.views.sides import AroundAgreement

DISTRICT_TIER = Agreement.objects.for_list().filter(tier=Agreement.Tier.DISTRICT)


class PilotsEdit(AroundAgreement):
    queryset = DISTRICT_TIER
    form_class = PilotsForm
    heading = _("Trường điểm")
    done = _("Đã lưu trường điểm.")
    event = "pilots"


def pilot_options(request, pk, side):
    """The schools that a side may choose and that match what was typed, for pickers."""
    agreement = get_object_or_404(DISTRICT_TIER.visible_to(request.user), pk=pk)
    if side not in access.keeps_sides(request.user, agreement):
        raise Http404
    return options(request, schools_of_side(agreement, side))


class AgreementQuotas(AroundAgreement):
    """Quotas of one agreement, in the place of those of its programme."""

    queryset = DISTRICT_TIER
    form_class = QuotasForm
    template_name = "twinning/agreement/quotas_form.html"
    heading = _("Chỉ tiêu trường điểm của giao ước này")
    done = _("Đã lưu chỉ tiêu trường điểm.")
    event = "quotas"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "programme": self.object.programme}


class ProgrammeQuotas(SmallFormPage):
    """Quotas of every district agreement of a programme that has none of its own."""

    model = Programme
    queryset = Programme.objects.select_related("department")
    form_class = QuotasForm
    template_name = "twinning/agreement/quotas_form.html"
    heading = _("Chỉ tiêu trường điểm của phong trào")
    done = _("Đã lưu chỉ tiêu trường điểm; các giao ước không có chỉ tiêu riêng theo chỉ tiêu này.")

    def may(self, user):
        return access.keeps_programme(user, self.object)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "programme": self.object}

    def save(self, form):
        form.save()

    def get_context_data(self, **kwargs):
        return super().get_context_data(events=None, **kwargs)


class PilotOverview(ListPage):
    """Every signed district agreement with how far each side has chosen its pilot schools."""

    model = Agreement
    filterset_class = PilotFilter
    table_class = PilotTable
    title = _("Trường điểm")
    intro = _("Mỗi bên của giao ước Phòng – Phòng đã chọn bao nhiêu trường điểm, còn thiếu cấp nào.")

    def get_queryset(self):
        return DISTRICT_TIER.signed().visible_to(self.request.user).order_by("supporting_district__sort_key", "pk")

    def create_link(self):
        programme = Programme.objects.current_for(self.request.user)
        if programme and access.keeps_programme(self.request.user, programme):
            return reverse("programme_quotas", args=[programme.pk]), _("Đặt chỉ tiêu")
        return None
