"""Public pages by which anybody verifies a report or its supplement: type or scan the code, compare a file with its
fingerprint."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.views import View
from django.views.decorators.cache import never_cache

from activities import attempts
from reports import official, supplements
from reports.models import Report, ReportFile, Supplement
from reports.models.report_life import Status
from reports.verification import grouped, typed
from twinning.models.job import Job

# Pages of one address, and files it has compared: more than any reader needs, too few to try codes.
LOOKS, FILES = (60, 600), (20, 600)


@method_decorator([login_not_required, never_cache], name="dispatch")
class VerifyPage(View):
    """Limits tries per address, and keeps search engines away: codes are for those who hold the paper."""

    def dispatch(self, request, *args, **kwargs):
        limit, what = (FILES, "verify-file") if request.method == "POST" else (LOOKS, "verify")
        if attempts.is_within(limit, what, attempts.address_of(request)):
            response = super().dispatch(request, *args, **kwargs)
        else:
            response = render(request, "reports/verify/too_many.html", status=429)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


class Verify(VerifyPage):
    """`/xac-minh/`: a box for the code; `?ma=` leads to its page."""

    def get(self, request):
        asked = request.GET.get("ma", "").strip()[:40]
        if code := typed(asked):
            return redirect("verify_code", code)
        return render(request, "reports/verify/ask.html", {"asked": asked}, status=422 if asked else 200)


class VerifyCode(VerifyPage):
    """`/xac-minh/<code>/`: what the paper is, whether it is in force, and a box to compare a file with it."""

    def get(self, request, code):
        return self.page(request, code)

    def post(self, request, code):
        return self.page(request, code, upload=request.FILES.get("tep"))

    def page(self, request, code, upload=None):
        file = paper_with(typed(code))
        if file is None:
            context = {"asked": grouped(typed(code)) or code[:40], "is_missing": True}
            return render(request, "reports/verify/ask.html", context, status=404)
        content = supplements.content(file) if isinstance(file, Supplement) else file.content
        context = {
            "file": file,
            "made_at": file.at if isinstance(file, Supplement) else file.finished_at,
            "content": content,
            "number": official.number_and_symbol(content["number"], content["symbol"]) if content["number"] else "",
            "issued_on": official.as_date(content["issued_on"]),
            "official_paper": brought_back(file).last(),
            **standing(file),
        }
        status = 200
        if request.method == "POST":
            error, matched = compare(upload, file)
            context |= {"was_compared": not error, "error": error, "matched": matched}
            status = 422 if error else 200
        return render(request, "reports/verify/paper.html", context, status=status)


def paper_with(code):
    """The ready ReportFile or the Supplement whose page 1 bears `code`; None when there is none."""
    file = ReportFile.objects.filter(code=code, state=Job.State.READY).select_related("report").first()
    return file or Supplement.objects.filter(code=code).exclude(file="").select_related("report", "paper").first()


def brought_back(file):
    """[IssuedPaper] the issuer put in the place of `file`; a draft and a supplement stand for themselves."""
    papers = file.report.issued_papers.all()
    return papers.none() if isinstance(file, Supplement) or file.content["is_draft"] else papers


def standing(file):
    """{"standing": "draft" | "in_force" | "replaced", "newer": what replaces it, or was issued after the draft, else
    None}. Only what is issued is named. A supplement is replaced by the next one, which tells all changes, and with its
    report."""
    report = file.report
    if isinstance(file, Supplement):
        later = report.supplements.select_related("paper").last()
        if later != file:
            return {"standing": "replaced", "newer": later.paper}
    elif file.content["is_draft"]:
        issued = report.status in (Status.ISSUED, Status.REPLACED)
        return {"standing": "draft", "newer": report if issued else None}
    if report.status == Status.REPLACED:
        return {"standing": "replaced", "newer": Report.objects.filter(replaces=report).first()}
    return {"standing": "in_force", "newer": None}


def compare(upload, file):
    """(what is wrong with the upload, what it is): "paper" for what the portal made, an IssuedPaper for what the issuer
    put in its place, None for neither. Read once, stored nowhere."""
    if upload is None:
        return _t("Hãy chọn tệp cần kiểm tra."), None
    if upload.size > settings.UPLOAD_MAX_BYTES:
        return _t("Tệp nặng quá %d MB nên cổng không kiểm tra được.") % (settings.UPLOAD_MAX_BYTES // 1024**2), None
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    fingerprint = digest.hexdigest()
    if fingerprint == file.sha256:
        return "", "paper"
    return "", brought_back(file).filter(sha256=fingerprint).first()
