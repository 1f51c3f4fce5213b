"""Pages of renewal into the next phase: choose and look, rehearse, carry out as one act; and of a single agreement."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views import View

from twinning import access, renewal, working
from twinning.filters.schools import SchoolFilter
from twinning.forms.renewal import RenewalForm, RenewOneForm, pairs_of_programmes
from twinning.models import Agreement, Renewal, School
from twinning.pages import SAVED_MEANWHILE, ActionPage, DetailPage, SmallFormPage
from twinning.twins import Twin
from twinning.vietnamese import number

DRAFTS_PER_PAGE = 100


def may_open(user):
    """Whether the list of agreements offers renewal in bulk: to those who may, once there is a next phase."""
    return access.renews_in_bulk(user) and bool(pairs_of_programmes(user))


def card_of(agreement, user):
    """What the page of an agreement shows of the one before it and the one after it."""
    earlier = (
        agreement.renews_id and Agreement.objects.for_list().visible_to(user).filter(pk=agreement.renews_id).first()
    )
    later = agreement.renewals.visible_to(user).exclude(status=Agreement.Status.WITHDRAWN).for_list().first()
    may_renew = (
        agreement.status in renewal.RENEWABLE
        and later is None
        and access.renews_agreement(user, agreement)
        and renewal.later_programmes(agreement.programme).exists()
    )
    return {
        "renews": earlier,
        "renewed_by": later,
        "renew_url": reverse("agreement_renew", args=[agreement.pk]) if may_renew else None,
    }


class RenewalCreate(View):
    """`/giao-uoc/gia-han/`: GET shows what can be renewed and what not, with the reason; POST of the ticked ones shows
    what would be done, and once more does it."""

    def dispatch(self, request, *args, **kwargs):
        if not access.renews_in_bulk(request.user):
            raise Http404
        self.pairs = pairs_of_programmes(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        if not self.pairs:
            return render(request, "twinning/renewal_form.html", {"acts": self.acts(), "form": None})
        return self.choose(RenewalForm(request.GET, pairs=self.pairs, user=request.user))

    def post(self, request):
        if not self.pairs:
            raise Http404
        form = RenewalForm(self.options(), pairs=self.pairs, user=request.user)
        if not form.is_valid():
            return self.choose(form, status=422)
        ticked = [int(pk) for text in request.POST.getlist("chon") for pk in text.split(",") if pk.isdecimal()]
        chosen = form.agreements().filter(pk__in=ticked)
        if not ticked:
            messages.error(request, _t("Chưa chọn giao ước nào. Hãy đánh dấu những giao ước cần gia hạn."))
            return self.choose(form, status=422, ticked=set())
        if "lap" not in request.POST:
            return self.preview(form, form.plan(chosen))
        return self.carry_out(form, chosen)

    def carry_out(self, form, chosen):
        try:
            with transaction.atomic():
                renewal.lock(chosen)
                plan = form.plan(chosen)
                if plan.digest() != self.request.POST.get("seen") or not plan.renewable:
                    messages.warning(
                        self.request,
                        _t("Dữ liệu đã thay đổi từ lúc xem trước; chưa lập gì. Hãy xem lại kết quả dưới đây."),
                    )
                    return self.preview(form, plan)
                act = renewal.renew_many(plan, form.cleaned_data["renewed"], self.request.user)
        except IntegrityError:
            messages.error(self.request, str(SAVED_MEANWHILE))
            return self.preview(form, form.plan(chosen))
        messages.success(self.request, _t("Đã lập %s bản nháp gia hạn.") % number(act.created))
        return redirect(act)

    def options(self):
        """What was chosen on the page of the list, carried along."""
        return QueryDict(self.request.POST.get("options", ""))

    def choose(self, form, status=200, ticked=None):
        plan = form.plan(form.agreements()) if form.is_valid() else None
        into = form.cleaned_data.get("into")
        context = {
            "form": form,
            "plan": plan,
            "ticked": ticked,
            "options": form.data.urlencode(),
            "acts": self.acts(),
            "new_levels": self.new_levels(form.cleaned_data.get("renewed"), into) if into else [],
        }
        return render(self.request, "twinning/renewal_form.html", context, status=status)

    def preview(self, form, plan):
        context = {
            "form": form,
            "plan": plan,
            "options": form.data.urlencode(),
            "chosen": ",".join(str(line.old.pk) for line in plan.lines),
            "back_url": f"{self.request.path}?{form.data.urlencode()}",
        }
        return render(self.request, "twinning/renewal_preview.html", context)

    def acts(self):
        return Renewal.objects.for_list().visible_to(self.request.user)[:5]

    def new_levels(self, renewed, into):
        """[(level in words, how many of its schools have no pair yet, their list)], for levels that have some."""
        schools = School.objects.visible_to(self.request.user).for_list()
        found = []
        for level in renewal.unpaired_levels(renewed, into):
            query = QueryDict(f"cap={level.value}&cap_doi={Twin.WITHOUT}&{working.QUERY}={into.pk}")
            if count := SchoolFilter(query, schools, request=self.request).qs.count():
                found.append((level.label, count, f"{reverse('school_list')}?{query.urlencode()}"))
        return found


class RenewalDetail(DetailPage):
    model = Renewal
    queryset = Renewal.objects.select_related("renewed", "into", "district")
    template_name = "twinning/renewal_detail.html"

    def get_context_data(self, **kwargs):
        act = self.object
        drafts = act.agreements.for_list().order_by("pk")
        counts = {}
        for status in drafts.order_by().values_list("status", flat=True):
            counts[status] = counts.get(status, 0) + 1
        return super().get_context_data(
            drafts=Paginator(drafts, DRAFTS_PER_PAGE).get_page(self.request.GET.get("trang")),
            counts=[(status.label, counts[status]) for status in Agreement.Status if status in counts],
            events=act.events.select_related("by"),
            **kwargs,
        )


class RenewalAction(ActionPage):
    model = Renewal
    queryset = Renewal.objects.select_related("renewed", "into", "district")


class AgreementRenew(SmallFormPage):
    """`/giao-uoc/<id>/gia-han/`: a draft of the same pair in a later programme."""

    model = Agreement
    queryset = Agreement.objects.for_list()
    form_class = RenewOneForm
    template_name = "twinning/agreement_renew.html"
    heading = _("Gia hạn sang giai đoạn sau")

    def may(self, user):
        return (
            self.object.status in renewal.RENEWABLE
            and access.renews_agreement(user, self.object)
            and renewal.later_programmes(self.object.programme).exists()
        )

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "agreement": self.object}

    def save(self, form):
        self.draft = renewal.renew_one(form.plan, self.request.user)
        self.done = _t("Đã lập bản nháp gia hạn. Kiểm tra lại rồi gửi bên kia xác nhận.")
        line = form.plan.lines[0]
        lacking = [_t("Không có trong phong trào mới: %s.") % "; ".join(line.lacking)] if line.lacking else []
        if notes := lacking + line.notes:
            messages.warning(self.request, " ".join(notes))

    def next_page(self):
        return self.draft
