"""Pages of decisions on awards and of their certificates."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.awards.decision import decide
from reports.forms.award_decisions import CertificateForm, DecisionForm
from reports.models import Award, AwardDecision, CertificateFile, Nomination
from reports.papers.decision import decision_paper, may_be_drafted
from reports.views.award_rounds import RoundPage, round_of
from reports.views.papers import handed_out
from twinning import access
from twinning.vietnamese import number


class Decide(RoundPage):
    """`/khen-thuong/dot/<id>/quyet-dinh/<offer>/`: number, day and signatory; the awards are made at once."""

    form_class = DecisionForm
    button = _("Ghi quyết định")
    keeps_typed = True  # a wrong day is easily put right

    def may(self, user):
        self.offer = get_object_or_404(self.object.offers, pk=self.kwargs["offer"])
        return access.decides_awards(user, self.object)

    @property
    def heading(self):
        return _t("Ghi quyết định tặng %s") % self.offer

    @property
    def intro(self):
        n = self.object.nominations.filter(offer=self.offer, status=Nomination.Status.PUBLISHED).count()
        return _t(
            "%s đề nghị trong danh sách công khai được ghi vào sổ khen thưởng và báo cho đơn vị. Đề nghị nào thôi "
            "không khen thì ghi “Không xét” ở trang của đề nghị trước khi làm việc này."
        ) % number(n)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "offer": self.offer}

    def save(self, form):
        made = decide(self.offer, self.request.user, **form.cleaned_data)
        text = _t("Đã ghi quyết định %(number)s: %(n)s khen thưởng vào sổ.")
        self.done = text % {"number": made.number, "n": number(made.awards.count())}


@require_safe
def paper(request, pk, offer, form):
    """The decision as `form` "pdf" or "docx": a draft before it is written down; made anew each time."""
    award_round = round_of(request, pk)
    found = get_object_or_404(award_round.offers.select_related("round__programme__department"), pk=offer)
    if form not in ("pdf", "docx") or not access.decides_awards(request.user, award_round) or not may_be_drafted(found):
        raise Http404
    return handed_out(request, award_round, form, decision_paper(found), "decision")


class Certificates(RoundPage):
    """`/khen-thuong/dot/<id>/giay-khen/`: ask for the certificates of a decision, see what was made."""

    form_class = CertificateForm
    template_name = "reports/awards/certificates.html"
    heading = _("In giấy khen")
    intro = _(
        "Bản nháp để in lên phôi của cơ quan: cổng chỉ đặt chữ; khung, quốc huy, khổ giấy theo phôi. Mỗi tập thể, cá "
        "nhân một tờ, theo thứ tự sổ khen thưởng."
    )
    button = _("Tạo giấy khen")

    def may(self, user):
        standing = Award.objects.standing().filter(decision__offer__round=self.object)
        decisions = AwardDecision.objects.filter(pk__in=standing.order_by().values("decision"))
        self.decisions = decisions.select_related("offer")
        return access.decides_awards(user, self.object) and self.decisions.exists()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "decisions": self.decisions}

    def get_initial(self):
        """As it was printed last, since the blank form stays the same."""
        last = CertificateFile.objects.visible_to(self.request.user).first()
        names = ("layout", "paper", "shift_right", "shift_down")
        return {name: getattr(last, name) for name in names} if last else {}

    def save(self, form):
        form.instance.requested_by = self.request.user
        form.save().enqueue()
        self.done = _t("Đang tạo giấy khen. Có thể rời trang này; xong sẽ có thông báo.")

    def form_valid(self, form):
        pending = CertificateFile.objects.pending().filter(decision=form.cleaned_data["decision"])
        if pending.exists():
            messages.info(self.request, _t("Giấy khen của quyết định này đang được tạo, không cần bấm lần nữa."))
            return redirect(self.next_page())
        return super().form_valid(form)

    def next_page(self):
        return reverse("award_certificates", args=[self.object.pk])

    def get_context_data(self, **kwargs):
        files = CertificateFile.objects.filter(decision__in=self.decisions).select_related("requested_by", "decision")
        return super().get_context_data(files=files[:10], **kwargs)


@require_safe
def certificate_state(request, uuid):
    """One line on a file; the page asks every two seconds until it is finished."""
    files = CertificateFile.objects.visible_to(request.user).select_related("requested_by", "decision")
    return render(request, "reports/awards/certificate_row.html", {"file": get_object_or_404(files, pk=uuid)})
