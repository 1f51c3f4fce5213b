"""Pages of the council on awards: which nominations go before it, its minutes and votes."""

from django.http import Http404
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.awards.remarks import remarks_of
from reports.forms.award_council import MeetingForm, ShortlistForm
from reports.models import AwardMeeting, AwardRound, Nomination
from reports.papers.minutes import minutes
from reports.views.award_rounds import RoundPage, round_of
from reports.views.papers import handed_out
from twinning import access
from twinning.vietnamese import number


class Shortlist(RoundPage):
    """`/khen-thuong/dot/<id>/chon/`: which of the nominations before the Department go to the council."""

    form_class = ShortlistForm
    template_name = "reports/awards/shortlist.html"
    heading = _("Chọn đề nghị trình hội đồng")
    button = _("Trình hội đồng")

    def may(self, user):
        running = self.object.status in (AwardRound.Status.OPEN, AwardRound.Status.REVIEWING)
        return access.decides_awards(user, self.object) and running

    def get_form_kwargs(self):
        rows = self.object.nominations.filter(status=Nomination.Status.DEPARTMENT).for_list().in_order()
        self.nominations = list(rows)
        return {**super().get_form_kwargs(), "nominations": self.nominations}

    def save(self, form):
        picked = form.picked()
        for nomination in picked:
            nomination.perform("shortlist", self.request.user)
        self.done = _t("Đã trình hội đồng %s đề nghị.") % number(len(picked))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        remarks = remarks_of(self.nominations) if self.nominations else {}
        chosen = set(context["form"].data.getlist("chosen")) if context["form"].is_bound else set()
        context["rows"] = [(n, remarks[n.pk], str(n.pk) in chosen) for n in self.nominations]
        return context


class MeetingEdit(RoundPage):
    """`/khen-thuong/dot/<id>/bien-ban/`: the minutes and the votes."""

    form_class = MeetingForm
    template_name = "reports/awards/meeting_form.html"
    heading = _("Biên bản hội đồng")
    done = _("Đã lưu biên bản. Hãy in, ký rồi công khai danh sách.")

    def may(self, user):
        running = self.object.status in (AwardRound.Status.OPEN, AwardRound.Status.REVIEWING)
        return access.keeps_awards(user, self.object) and running

    def get_form_kwargs(self):
        at_council = self.object.nominations.filter(status=Nomination.Status.COUNCIL).for_list().in_order()
        return {**super().get_form_kwargs(), "award_round": self.object, "nominations": list(at_council)}

    def save(self, form):
        AwardRound.objects.select_for_update().get(pk=self.object.pk)
        form.save()
        self.object.record_event("meeting", self.request.user)


@require_safe
def minutes_paper(request, pk, form):
    """The minutes as `form` "pdf" or "docx", made anew each time."""
    award_round = round_of(request, pk)
    has_minutes = AwardMeeting.objects.filter(round=award_round).exists()
    if form not in ("pdf", "docx") or not access.decides_awards(request.user, award_round) or not has_minutes:
        raise Http404
    return handed_out(request, award_round, form, minutes(award_round), "minutes")
