"""The official paper of an issued report: what the issuer brings back, edited or signed and stamped."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reports.forms.issued import IssuedPaperForm
from reports.models import IssuedPaper, Report
from reports.models.report_life import Status
from twinning import access
from twinning.pages import SmallFormPage


class IssuedPaperAdd(SmallFormPage):
    """`/bao-cao/<id>/ban-chinh-thuc/`: the next version of the official paper."""

    model = Report
    queryset = Report.objects.for_list()
    form_class = IssuedPaperForm
    heading = _("Gửi bản chính thức")
    intro = _("Bản gửi lên trở thành bản chính thức của báo cáo. Bản trước không mất; số liệu đã chốt không thay đổi.")
    button = _("Gửi lên")
    done = _("Đã lưu bản chính thức.")

    def may(self, user):
        if self.object.status != Status.ISSUED:
            raise Http404
        return access.brings_back_report(user, self.object)

    def save(self, form):
        IssuedPaper.keep(
            form.cleaned_data["file"], self.request.user, report=self.object, note=form.cleaned_data["note"]
        )
