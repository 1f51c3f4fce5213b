"""Pages on which the Department keeps the kinds of activity of its programme."""

from django.contrib import messages
from django.db.models import Count, ProtectedError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import UpdateView

from activities.forms.kind import KindForm
from activities.models import ActivityKind
from twinning import access
from twinning.models import Programme
from twinning.pages import CreatePage, Editable, FormPage

STEPS = {"len": -1, "xuong": 1}


def kept_programme(user):
    """The programme `user` works with, whose kinds the user keeps; 404 for everybody else."""
    programme = Programme.objects.current_for(user)
    if programme is None or not access.keeps_programme(user, programme):
        raise Http404
    return programme


@require_safe
def kind_list(request):
    programme = kept_programme(request.user)
    kinds = list(programme.activity_kinds.annotate(activity_count=Count("activities")).order_by("position", "pk"))
    context = {
        "programme": programme,
        "kinds": kinds,
        "missing": ActivityKind.objects.missing_of_standard(programme),
    }
    return render(request, "activities/kind_list.html", context)


class _KindPage(FormPage):
    model = ActivityKind
    form_class = KindForm
    template_name = "activities/kind_form.html"
    success_url = None

    def save(self, form):
        self.object = form.save()

    def get_success_url(self):
        return redirect("activitykind_list").url

    def saved_message(self):
        return _t("Đã lưu loại hoạt động “%s”.") % self.object


class KindCreate(_KindPage, CreatePage):
    may_create = access.is_recorder

    def dispatch(self, request, *args, **kwargs):
        self.programme = kept_programme(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "programme": self.programme}


class KindEdit(_KindPage, Editable, UpdateView):
    pass


@require_POST
def move_kind(request, pk, step):
    kind = get_object_or_404(ActivityKind.objects.editable_by(request.user), pk=pk)
    kind.move(STEPS[step])
    return redirect(f"{redirect('activitykind_list').url}#loai-{kind.pk}")


@require_POST
def delete_kind(request, pk):
    """A kind nothing was recorded of goes; another one is retired."""
    kind = get_object_or_404(ActivityKind.objects.editable_by(request.user), pk=pk)
    try:
        kind.delete()
    except ProtectedError:
        text = _t("“%s” đã có hoạt động nên không xoá được. Hãy ngừng dùng loại này thay vì xoá.") % kind
        messages.error(request, text)
    else:
        messages.success(request, _t("Đã xoá loại hoạt động “%s”.") % kind)
    return redirect("activitykind_list")


@require_POST
def add_standard_kinds(request):
    added = ActivityKind.objects.add_standard(kept_programme(request.user))
    if added:
        text = ngettext("Đã thêm %d loại từ danh mục chuẩn.", "Đã thêm %d loại từ danh mục chuẩn.", added) % added
        messages.success(request, text)
    else:
        messages.info(request, _("Phong trào đã có đủ các loại của danh mục chuẩn."))
    return redirect("activitykind_list")
