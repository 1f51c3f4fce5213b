"""Pages of sponsored pupils: the list, one with the gifts for it, registering and changing."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import UpdateView

from activities.filters import SponsoredPupilFilter
from activities.forms.sponsored import SponsoredPupilForm
from activities.models import SponsoredPupil, Support
from activities.tables import SponsoredPupilTable
from twinning import access
from twinning.pages import CreatePage, DetailPage, Editable, FormPage, ListPage


class SponsoredPupilList(ListPage):
    model = SponsoredPupil
    queryset = SponsoredPupil.objects.for_list()
    filterset_class = SponsoredPupilFilter
    table_class = SponsoredPupilTable
    title = _("Học sinh được đỡ đầu")
    intro = _(
        "Mỗi em là một mã do cổng đặt ngẫu nhiên; cổng không giữ tên. Chỉ hai bên giao ước, Phòng và Sở xem được."
    )
    empty_text = _("Chưa có học sinh nào được ghi. Trường của các em ghi, bằng mã, không bằng tên.")

    def create_link(self):
        if access.registers_sponsored(self.request.user):
            return reverse("sponsored_create"), _("Thêm học sinh")
        return None

    def further_links(self):
        return [(reverse("support_list"), _("Hỗ trợ"))]


class SponsoredPupilDetail(DetailPage):
    model = SponsoredPupil
    queryset = SponsoredPupil.objects.for_list()
    template_name = "activities/sponsored_detail.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            supports=Support.objects.visible_to(user)
            .for_list()
            .filter(pupil=self.object)
            .order_by("-pledged_on", "-pk"),
            may_edit=access.keeps_sponsored(user, self.object),
            **kwargs,
        )


class SponsoredPupilCreate(CreatePage):
    model = SponsoredPupil
    form_class = SponsoredPupilForm
    template_name = "components/form.html"
    may_create = access.registers_sponsored

    def list_page(self):
        return "sponsored_list"

    def get_context_data(self, **kwargs):
        back = reverse("sponsored_list")
        return super().get_context_data(
            heading=_("Thêm học sinh được đỡ đầu"), back_url=back, object=_("Học sinh được đỡ đầu"), **kwargs
        )


class SponsoredPupilEdit(FormPage, Editable, UpdateView):
    model = SponsoredPupil
    form_class = SponsoredPupilForm
    template_name = "components/form.html"

    def get_object(self, queryset=None):
        pupil = super().get_object(queryset)
        if not access.keeps_sponsored(self.request.user, pupil):
            raise Http404
        return pupil

    def save(self, form):
        self.object = form.save()

    def get_context_data(self, **kwargs):
        back = self.object.get_absolute_url()
        return super().get_context_data(heading=_("Sửa thông tin đỡ đầu"), back_url=back, **kwargs)
