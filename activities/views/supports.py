"""Pages of help between units."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.filters import SupportFilter
from activities.forms.documents import DocumentsForm
from activities.forms.merge import SupportMergeForm
from activities.forms.support import ClaimForm, SupportForm
from activities.merging_support import merge
from activities.models import Support, SupportDocument
from activities.tables import SupportTable
from activities.views.activities import NO_PROGRAMME
from twinning import access
from twinning.models import Programme
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage, SmallFormPage


def may_give(user):
    """Records for a unit that gives or receives, and there is a programme to do so under."""
    return access.gives_for_a_unit(user) and Programme.objects.current_for(user) is not None


class SupportList(ListPage):
    model = Support
    queryset = Support.objects.for_list()
    filterset_class = SupportFilter
    table_class = SupportTable
    title = _("Hỗ trợ")
    empty_text = _("Chưa ghi khoản hỗ trợ nào. Ghi khoản đơn vị mình trao; khoản đã nhận thì bấm “Chúng tôi đã nhận”.")
    intro = _("Tiền, hiện vật, học bổng, đỡ đầu: từ cam kết tới khi bên nhận xác nhận.")

    def create_link(self):
        if may_give(self.request.user):
            return reverse("support_create"), _("Ghi khoản hỗ trợ")
        return None

    def further_links(self):
        links = [(reverse("sponsored_list"), _("Học sinh được đỡ đầu"))]
        if may_give(self.request.user):
            links.append((reverse("support_create_received"), _("Chúng tôi đã nhận")))
        return links


class SupportDetail(DetailPage):
    model = Support
    queryset = Support.objects.for_list().select_related("agreement", "programme", "merged_into", "pupil")
    template_name = "activities/support_detail.html"

    def get_context_data(self, **kwargs):
        can_edit = self.object.is_open_to_edit() and access.records_support(self.request.user, self.object)
        events = list(self.object.events.select_related("by"))
        latest = next((event for event in events if event.action not in Support.OTHER_EVENTS), None)
        return super().get_context_data(
            events=events,
            returned=latest if latest and latest.action == "return" else None,
            documents=self.object.documents.select_related("uploaded_by"),
            may_upload=access.is_support_party(self.request.user, self.object),
            edit_url=reverse("support_edit", args=[self.object.pk]) if can_edit else None,
            **kwargs,
        )


class SupportCreate(CreatePage):
    model = Support
    form_class = SupportForm
    template_name = "activities/support_form.html"
    may_create = access.gives_for_a_unit
    heading = _("Ghi khoản hỗ trợ")

    def closed(self):
        return "" if may_give(self.request.user) else NO_PROGRAMME


class SupportCreateReceived(SupportCreate):
    """A gift that the receiver records, for the giver to confirm."""

    form_class = ClaimForm
    heading = _("Ghi khoản đã nhận")

    def saved_message(self):
        return _t("Đã lưu và báo %s xác nhận. Khoản này được tính khi bên trao xác nhận.") % self.object.giver

    def save(self, form):
        super().save(form)
        self.object.tell_giver(self.request.user)


class SupportEdit(EditPage):
    model = Support
    template_name = "activities/support_form.html"

    def get_form_class(self):
        return ClaimForm if self.object.status == Support.Status.CLAIMED else SupportForm

    def get_object(self, queryset=None):
        support = super().get_object(queryset)
        if not access.records_support(self.request.user, support):
            raise Http404
        return support


class SupportAction(ActionPage):
    model = Support
    queryset = Support.objects.for_list().select_related("programme", "merged_into")

    def get_form(self, form_class=None):
        if self.name == "merge":
            return SupportMergeForm(**self.get_form_kwargs(), support=self.object)
        return super().get_form(form_class)

    def save(self, form):
        if self.name == "merge":
            merge(self.object, form.cleaned_data["into"], self.request.user)
        else:
            super().save(form)

    def next_page(self):
        return self.object.merged_into or self.object


class SupportDocuments(SmallFormPage):
    """Attach receipts and photos to a gift of which one's unit is a party."""

    model = Support
    queryset = Support.objects.for_list()
    form_class = DocumentsForm
    heading = _("Thêm chứng từ")
    done = _("Đã lưu chứng từ.")

    def may(self, user):
        return access.is_support_party(user, self.object)

    def save(self, form):
        uploads = form.cleaned_data["files"]
        for upload in uploads:
            SupportDocument.keep(upload, self.request.user, support=self.object)
        self.object.record_event("upload", self.request.user, note=", ".join(upload.name for upload in uploads))
