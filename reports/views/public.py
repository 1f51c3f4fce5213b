"""The public pages of movements: for everybody, without an account."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.figures import LABELS, RULES
from reports.public import SHOWN, summary
from twinning import access
from twinning.forms.programme import PublicForm
from twinning.models import Programme
from twinning.pages import SmallFormPage

PUBLIC = Programme.objects.filter(is_public=True).select_related("department").order_by("-starts_on", "pk")


@login_not_required
@require_safe
def programmes(request):
    """The movements that are public; a single one at once."""
    found = list(PUBLIC.all())
    if len(found) == 1:
        return redirect("public_programme", found[0].pk)
    return render(request, "reports/public/list.html", {"found": found})


@login_not_required
@require_safe
def programme(request, pk):
    """404 for one that is not public."""
    found = get_object_or_404(PUBLIC.all(), pk=pk)
    context = {
        "programme": found,
        "summary": summary(found),
        "labels": {key: LABELS[key] for key in SHOWN},
        "rules": [(LABELS[key], RULES[key]) for key in SHOWN],
    }
    return render(request, "reports/public/programme.html", context)


class PublicSwitch(SmallFormPage):
    """The Department makes the sums of a movement public, or takes them back."""

    model = Programme
    queryset = Programme.objects.select_related("department")
    form_class = PublicForm
    heading = _("Trang công khai của phong trào")
    intro = _(
        "Khi công khai, ai cũng xem được, không cần tài khoản: số trường ký giao ước, số hoạt động, lượt tham gia, "
        "tổng hỗ trợ, theo năm học và theo đơn vị. Không có tên người, khoản hỗ trợ hay học sinh cụ thể nào."
    )
    done = _("Đã lưu.")

    def may(self, user):
        return access.keeps_programme(user, self.object)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.object}

    def save(self, form):
        form.save()
