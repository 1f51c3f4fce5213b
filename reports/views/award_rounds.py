"""Pages of rounds of awards: what they give, who is suggested, council, public list, decisions, certificates."""

import io

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports import award_evidence, word
from reports.award_decision import decide
from reports.award_forms import (
    AwardRoundForm,
    CertificateForm,
    CommentForm,
    CriteriaForm,
    DecisionForm,
    MeetingForm,
    OffersForm,
    ShortlistForm,
)
from reports.award_minutes import minutes
from reports.filters import AwardRoundFilter
from reports.letters import FontMissing
from reports.models import (
    Award,
    AwardDecision,
    AwardMeeting,
    AwardRound,
    CertificateFile,
    Nomination,
    NominationComment,
)
from reports.models.nomination import remarks_of
from reports.tables import AwardRoundTable
from reports.views.papers import WORD_TYPE
from twinning import access
from twinning.exports import attachment, fence
from twinning.models import District, Programme, School
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage, SmallFormPage
from twinning.vietnamese import number

MOST_SHOWN = 30


def may_open(user):
    return access.opens_awards(user) and Programme.objects.current_for(user) is not None


class AwardRoundList(ListPage):
    model = AwardRound
    queryset = AwardRound.objects.for_list()
    filterset_class = AwardRoundFilter
    table_class = AwardRoundTable
    template_name = "reports/awards/round_list.html"
    title = _("Đợt xét khen")
    intro = _("Mỗi đợt: hình thức, chỉ tiêu, đề nghị của đơn vị, hội đồng, công khai, quyết định.")
    empty_text = _("Chưa có đợt xét khen nào. Sở mở đợt thì đợt hiện ở đây.")

    def create_link(self):
        if may_open(self.request.user):
            return reverse("awardround_create"), _("Lập đợt xét khen")
        return None

    def further_links(self):
        return [(reverse("award_list"), _("Sổ khen thưởng"))]


class AwardRoundDetail(DetailPage):
    model = AwardRound
    queryset = AwardRound.objects.for_list()
    template_name = "reports/awards/round_detail.html"

    def get_context_data(self, **kwargs):
        award_round, user = self.object, self.request.user
        keeps = access.keeps_awards(user, award_round)
        judges = access.decides_awards(user, award_round)
        nominations = Nomination.objects.visible_to(user).filter(round=award_round)
        counts = dict(nominations.order_by().values_list("status").annotate(n=Count("pk")))
        decisions = list(
            AwardDecision.objects.filter(offer__round=award_round).annotate(n=Count("awards")).select_related("offer")
        )
        return super().get_context_data(
            offers=self._offers(award_round, decisions, judges),
            counts=[(status, counts[status]) for status in Nomination.Status if counts.get(status)],
            mine=nominations.for_list().order_by("-created_at")[:MOST_SHOWN] if not judges else (),
            decisions=decisions,
            keeps=keeps,
            judges=judges,
            may_nominate=award_round.is_taking and access.nominates(user),
            has_candidates=access.compares_schools(user) and access.is_signer(user),
            meeting=AwardMeeting.objects.filter(round=award_round).first() if judges else None,
            comments=NominationComment.objects.filter(nomination__round=award_round).count() if judges else 0,
            listed=award_round.nominations.published().count() if award_round.is_published else 0,
            events=award_round.events_with_people() if judges else None,
            edit_url=reverse("awardround_edit", args=[award_round.pk])
            if keeps and award_round.is_open_to_edit()
            else None,
            **kwargs,
        )

    @staticmethod
    def _offers(award_round, decisions, judges):
        """[(offer, [(kind, most, per unit, how many are put forward)], decision, may decide)]."""
        forward = award_round.nominations.filter(status__in=Nomination.FORWARD).order_by()
        counts = {tuple(key): n for *key, n in forward.values_list("offer", "kind").annotate(n=Count("pk"))}
        published = set(
            award_round.nominations.filter(status=Nomination.Status.PUBLISHED).values_list("offer", flat=True)
        )
        by_offer = {decision.offer_id: decision for decision in decisions}
        waits = award_round.status == AwardRound.Status.PUBLIC and not award_round.is_commented
        return [
            (
                offer,
                [
                    (kind, offer.most(kind), offer.per_district(kind), counts.get((offer.pk, kind.value), 0))
                    for kind in Award.Kind
                ],
                [(School.Level(level).label, most) for level, most in offer.level_most.items()],
                by_offer.get(offer.pk),
                judges and waits and offer.pk in published and offer.pk not in by_offer,
            )
            for offer in award_round.offers.all()
        ]


class AwardRoundCreate(CreatePage):
    model = AwardRound
    form_class = AwardRoundForm
    template_name = "reports/awards/round_form.html"
    may_create = may_open

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=reverse("awardround_list"), **kwargs)

    def saved_message(self):
        return _t("Đã lập. Hãy xem lại hình thức, chỉ tiêu, tiêu chí rồi mở nhận đề nghị.")


class AwardRoundEdit(EditPage):
    model = AwardRound
    form_class = AwardRoundForm
    template_name = "reports/awards/round_form.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=self.object.get_absolute_url(), **kwargs)


class AwardRoundAction(ActionPage):
    """Of the Department's own people; everybody else reads the round and does nothing with it."""

    model = AwardRound
    queryset = AwardRound.objects.for_list()

    def may(self, user):
        return access.decides_awards(user, self.object)


class OfRound(SmallFormPage):
    """A form on one round, of the Department's staff while the round is open to edits; `event`: what its history says
    of it."""

    model = AwardRound
    queryset = AwardRound.objects.for_list()
    event = ""

    def may(self, user):
        return access.keeps_awards(user, self.object) and self.object.is_open_to_edit()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "award_round": self.object}

    def save(self, form):
        AwardRound.objects.select_for_update().get(pk=self.object.pk)
        if note := form.save():
            self.object.record_event(self.event, self.request.user, note=note)


class OffersEdit(OfRound):
    form_class = OffersForm
    template_name = "reports/awards/offers_form.html"
    heading = _("Hình thức khen và chỉ tiêu")
    intro = _("Ô số bỏ trống là không giới hạn. Vượt chỉ tiêu thì cổng không cho đi tiếp và nói rõ vượt bao nhiêu.")
    done = _("Đã lưu hình thức và chỉ tiêu.")
    event = "offers"


class CriteriaEdit(OfRound):
    form_class = CriteriaForm
    template_name = "reports/awards/criteria_form.html"
    heading = _("Tiêu chí gợi ý")
    intro = _(
        "Cổng đếm từ dữ liệu rồi gợi ý theo điểm. Mỗi nhóm cộng đủ 100 điểm. Điểm chỉ để gợi ý, không phải kết luận "
        "xét khen."
    )
    done = _("Đã lưu tiêu chí. Trang gợi ý tính lại ngay.")
    event = "criteria"


# --- Suggestions ------------------------------------------------------------------------------------------------------


@require_safe
def candidates(request, pk):
    """`/khen-thuong/dot/<id>/goi-y/`: who the numbers speak for; the offices see their own schools and people."""
    user = request.user
    award_round = get_object_or_404(AwardRound.objects.visible_to(user).for_list(), pk=pk)
    if not (access.compares_schools(user) and access.is_signer(user)):
        raise Http404
    subject = request.GET.get("nhom")
    subject = subject if subject in award_evidence.SUBJECTS else award_evidence.SCHOOLS
    seat = access.seat(user)
    districts = District.objects.visible_to(user).in_force_first()
    asked = request.GET.get("don_vi", "")
    chosen = next((d for d in districts if str(d.pk) == asked), None)
    level = request.GET.get("cap", "")
    level = level if level in School.Level.values else ""
    own = seat.district if seat.district_id else chosen
    found = award_evidence.candidates(award_round, subject, own, level)
    shown = found[:MOST_SHOWN]
    _mark(award_round, subject, shown)
    context = {
        "object": award_round,
        "subject": subject,
        "subjects": award_evidence.SUBJECTS.items(),
        "criteria": [
            (award_evidence.EVIDENCE[subject][key], points, full)
            for key, (points, full) in award_evidence.criteria_of(award_round, subject).items()
            if points
        ],
        "shown": shown,
        "count": len(found),
        "districts": None if seat.district_id else districts,
        "chosen": chosen,
        "levels": School.Level if subject == award_evidence.SCHOOLS else None,
        "level": level,
        "keeps": access.keeps_awards(user, award_round) and award_round.is_open_to_edit(),
    }
    return render(request, "reports/awards/candidates.html", context)


def _mark(award_round, subject, shown):
    """Say of those shown who is nominated in this round and who was awarded in its time already."""
    first, last = award_round.time
    if subject == award_evidence.PEOPLE:
        return
    name = "school" if subject == award_evidence.SCHOOLS else "district"
    own = {f"{name}__in": [c.unit.pk for c in shown], "kind": Award.Kind.COLLECTIVE}
    own |= {} if name == "school" else {"school": None}
    nominated = dict(award_round.nominations.alive().filter(**own).values_list(name, "pk"))
    awards = Award.objects.filter(**own, decided_on__range=(first, last)).order_by()
    awarded = dict(awards.values_list(name, "decision_number"))
    for candidate in shown:
        if candidate.unit.pk in nominated:
            candidate.marks.append(_t("đã có đề nghị"))
        if candidate.unit.pk in awarded:
            candidate.marks.append(_t("đã khen: %s") % awarded[candidate.unit.pk])


# --- Council ----------------------------------------------------------------------------------------------------------


class Shortlist(SmallFormPage):
    """`/khen-thuong/dot/<id>/chon/`: which of the nominations before the Department go to the council."""

    model = AwardRound
    queryset = AwardRound.objects.for_list()
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


class MeetingEdit(SmallFormPage):
    """`/khen-thuong/dot/<id>/bien-ban/`: the minutes and the votes."""

    model = AwardRound
    queryset = AwardRound.objects.for_list()
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
    award_round = get_object_or_404(AwardRound.objects.visible_to(request.user).for_list(), pk=pk)
    has_minutes = AwardMeeting.objects.filter(round=award_round).exists()
    if form not in ("pdf", "docx") or not access.decides_awards(request.user, award_round) or not has_minutes:
        raise Http404
    paper = minutes(award_round)
    try:
        if form == "docx":
            return fence(attachment(io.BytesIO(word.build_minutes(paper)), f"{paper['file_name']}.docx", WORD_TYPE))
        from reports.pdf import build_minutes  # WeasyPrint is slow to import and few processes need it

        data = io.BytesIO(build_minutes(paper))
        return fence(attachment(data, f"{paper['file_name']}.pdf", "application/pdf", inline=True))
    except FontMissing as error:
        messages.error(request, str(error))
        return redirect(award_round)


# --- Public list ------------------------------------------------------------------------------------------------------


@require_safe
def public_list(request, pk):
    """`/khen-thuong/dot/<id>/danh-sach/`: for everybody of the sector, readers too."""
    award_round = get_object_or_404(AwardRound.objects.visible_to(request.user).for_list(), pk=pk)
    if not award_round.is_published:
        raise Http404
    rows = list(award_round.nominations.published().for_list().in_order())
    groups = [
        (offer, kind, group)
        for offer in award_round.offers.all()
        for kind in Award.Kind
        if (group := [n for n in rows if n.offer_id == offer.pk and n.kind == kind])
    ]
    comments = NominationComment.objects.filter(nomination__round=award_round).select_related(
        "by", "nomination__offer", "nomination__school", "nomination__district"
    )
    judges = access.decides_awards(request.user, award_round)
    context = {
        "object": award_round,
        "groups": groups,
        "comments": comments if judges else comments.filter(by=request.user),
        "judges": judges,
        "sees_all": judges,
    }
    return render(request, "reports/awards/public_list.html", context)


class CommentCreate(SmallFormPage):
    """`/khen-thuong/dot/<id>/gop-y/`: read by the Department alone."""

    model = AwardRound
    queryset = AwardRound.objects.for_list()
    form_class = CommentForm
    heading = _("Góp ý về danh sách công khai")
    intro = _("Ý kiến gửi tới Sở, kèm tên và đơn vị của thầy/cô; chỉ Sở và chính thầy/cô đọc được.")
    button = _("Gửi ý kiến")
    done = _("Đã gửi ý kiến tới Sở. Cảm ơn thầy/cô.")

    def may(self, user):
        return self.object.is_commented and access.comments_awards(user)

    def get_initial(self):
        return {"nomination": self.request.GET.get("ve")}

    def get_form_kwargs(self):
        published = self.object.nominations.filter(status=Nomination.Status.PUBLISHED).for_list().in_order()
        return {**super().get_form_kwargs(), "nominations": published}

    def save(self, form):
        form.instance.by = self.request.user
        form.instance.unit = str(access.seat(self.request.user).unit_name)
        form.save()

    def next_page(self):
        return reverse("award_public_list", args=[self.object.pk])


# --- Decision and certificates ----------------------------------------------------------------------------------------


class Decide(SmallFormPage):
    """`/khen-thuong/dot/<id>/quyet-dinh/<offer>/`: number, day and signatory; the awards are made at once."""

    model = AwardRound
    queryset = AwardRound.objects.for_list()
    form_class = DecisionForm
    button = _("Ghi quyết định")

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

    def form_valid(self, form):
        # Refused with everything typed kept, as a wrong day is easily put right.
        from twinning.life import Refused

        try:
            made = decide(self.offer, self.request.user, **form.cleaned_data)
        except (Refused, IntegrityError) as error:
            text = str(error) if isinstance(error, Refused) else _t("Vừa có người ghi quyết định này. Hãy xem lại đợt.")
            form.add_error(None, text)
            return self.form_invalid(form)
        text = _t("Đã ghi quyết định %(number)s: %(n)s khen thưởng vào sổ.")
        messages.success(self.request, text % {"number": made.number, "n": number(made.awards.count())})
        return redirect(self.object)


class Certificates(SmallFormPage):
    """`/khen-thuong/dot/<id>/giay-khen/`: ask for the certificates of a decision, see what was made."""

    model = AwardRound
    queryset = AwardRound.objects.for_list()
    form_class = CertificateForm
    template_name = "reports/awards/certificates.html"
    heading = _("In giấy khen")
    intro = _(
        "Bản nháp để in lên phôi của cơ quan: cổng chỉ đặt chữ; khung, quốc huy, khổ giấy theo phôi. Mỗi tập thể, cá "
        "nhân một tờ, theo thứ tự sổ khen thưởng."
    )
    button = _("Tạo giấy khen")

    def may(self, user):
        self.decisions = AwardDecision.objects.filter(offer__round=self.object).select_related("offer")
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
