"""Pages of the exchange of know-how: what is shared, sharing, thanks."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from activities.filters import MaterialFilter
from activities.forms.materials import MaterialForm, VersionForm
from activities.models import Activity, Material
from activities.tables import MaterialTable
from twinning import access, working
from twinning.models import SchoolYearFigures
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage, SmallFormPage

MOST_OFFERED = 15


def _as_uuid(text):
    """The UUID in `text`; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


class MaterialList(ListPage):
    model = Material
    queryset = Material.objects.for_list()
    filterset_class = MaterialFilter
    table_class = MaterialTable
    title = _("Kho học liệu")
    intro = _("Giáo án, bài trình chiếu, đề, bản ghi hình mà các đơn vị rút ra từ hoạt động và chia sẻ cho nhau.")
    empty_text = _("Chưa có học liệu nào. Hãy chia sẻ tài liệu từ một hoạt động đã tổ chức.")

    def create_link(self):
        if access.is_recorder(self.request.user):
            return reverse("material_create"), _("Chia sẻ tài liệu")
        return None

    def further_links(self):
        return [(f"{reverse('material_list')}?sort=-thanks_count", _("Được cảm ơn nhiều"))]


class MaterialDetail(DetailPage):
    model = Material
    queryset = Material.objects.for_list()
    template_name = "activities/material_detail.html"

    def get_context_data(self, **kwargs):
        material, user = self.object, self.request.user
        versions = list(material.versions.select_related("uploaded_by").order_by("-version"))
        thanks = list(material.thanks.all())
        keeps = access.keeps_material(user, material) and material.is_open_to_edit()
        return super().get_context_data(
            newest=versions[0] if versions else None,
            earlier=versions[1:],
            thanks=thanks,
            thanking_units=list(dict.fromkeys(one.unit for one in thanks)),
            has_thanked=any(one.by_id == user.pk for one in thanks),
            may_thank=access.thanks_for_material(user, material),
            may_keep=keeps,
            sees_activity=Activity.objects.visible_to(user).filter(pk=material.activity_id).exists(),
            edit_url=reverse("material_edit", args=[material.pk]) if keeps else None,
            events=material.events.select_related("by"),
            **kwargs,
        )


class MaterialCreate(CreatePage):
    """Of an activity (`hoat_dong`), which is asked for first; one of its documents may be named (`tep`)."""

    model = Material
    form_class = MaterialForm
    template_name = "activities/material_form.html"
    may_create = access.is_recorder

    def dispatch(self, request, *args, **kwargs):
        named = request.GET.get("hoat_dong", "")
        if not named or not access.is_recorder(request.user):
            return super().dispatch(request, *args, **kwargs)
        open_ones = Activity.objects.visible_to(request.user).open_to_materials().for_list()
        rows = open_ones.select_related("programme__department").prefetch_related("units")
        self.activity = get_object_or_404(rows, pk=named if named.isdecimal() else 0)
        if not access.shares_material(request.user, self.activity):
            raise Http404
        working.work_with(request.user, self.activity.programme_id)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        if hasattr(self, "activity"):
            return super().get(request, *args, **kwargs)
        activities = Activity.objects.editable_by(request.user).open_to_materials().for_list()
        context = {"activities": activities.prefetch_related("units")[:MOST_OFFERED]}
        return render(request, "activities/material_choose.html", context)

    def post(self, request, *args, **kwargs):
        if not hasattr(self, "activity"):
            raise Http404
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "activity": self.activity}

    def get_initial(self):
        host = self.activity.host_school
        levels = SchoolYearFigures.LEVELS_OF.get(host.level, ()) if host else ()
        document = self.activity.documents.filter(pk=_as_uuid(self.request.GET.get("tep", ""))).first()
        return {
            "subject": self.activity.subject_id,
            "level": levels[0] if len(levels) == 1 else "",
            "document": document,
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(activity=self.activity, back_url=self.activity.get_absolute_url(), **kwargs)

    def saved_message(self):
        return _t("Đã chia sẻ. Đồng nghiệp tìm thấy tài liệu này trong kho học liệu.")


class MaterialEdit(EditPage):
    model = Material
    form_class = MaterialForm
    template_name = "activities/material_form.html"

    def get_queryset(self):
        return super().get_queryset().for_list()

    def get_object(self, queryset=None):
        material = super().get_object(queryset)
        if not access.keeps_material(self.request.user, material):
            raise Http404
        self.link = material.link
        return material

    def get_context_data(self, **kwargs):
        material = self.object
        return super().get_context_data(activity=material.activity, back_url=material.get_absolute_url(), **kwargs)

    def note(self, what):
        """A link has no versions; the one before stands in the history."""
        changed = self.link and self.link != self.object.link
        note = _t("Liên kết trước: %s") % self.link if changed else ""
        self.object.record_event(what, self.request.user, note=note)


class MaterialVersion(SmallFormPage):
    model = Material
    queryset = Material.objects.for_list()
    form_class = VersionForm
    heading = _("Thay bản mới")
    intro = _("Bản mới được đưa lên đầu; các bản trước vẫn giữ và mở được.")
    done = _("Đã thêm bản mới.")

    def may(self, user):
        return access.keeps_material(user, self.object) and self.object.is_open_to_edit()

    def save(self, form):
        self.object.keep_file(form.cleaned_data["file"], self.request.user)
        self.object.record_event("renew", self.request.user, note=form.cleaned_data["note"])


class MaterialAction(ActionPage):
    model = Material
    queryset = Material.objects.for_list()


@require_POST
def thank_for_material(request, pk):
    """Say thanks, or with `bo` take it back; either twice is as good as once."""
    material = get_object_or_404(Material.objects.visible_to(request.user).for_list(), pk=pk)
    if not access.thanks_for_material(request.user, material):
        messages.error(request, _t("Lời cảm ơn dành cho đơn vị khác; tài liệu này của chính đơn vị thầy/cô."))
    elif "bo" in request.POST:
        material.take_back_thanks(request.user)
        messages.info(request, _t("Đã rút lời cảm ơn."))
    else:
        material.thank(request.user)
        messages.success(request, _t("Đã gửi lời cảm ơn tới %s.") % material.owner)
    return redirect(material)
