"""The list of names the whole sector may look at before a decision on awards, and what is said to it."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.forms.award_public_list import CommentForm
from reports.models import Award, Nomination, NominationComment
from reports.views.award_rounds import RoundPage, round_of
from twinning import access


@require_safe
def public_list(request, pk):
    """`/khen-thuong/dot/<id>/danh-sach/`: for everybody of the sector, readers too."""
    award_round = round_of(request, pk)
    if not award_round.is_published:
        raise Http404
    rows = list(award_round.nominations.published().for_list().in_order())
    revoked = {award.nomination_id: award for award in Award.objects.filter(nomination__in=rows, status="revoked")}
    for nomination in rows:  # its last word is that of its award
        nomination.outcome = revoked.get(nomination.pk, nomination)
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


class CommentCreate(RoundPage):
    """`/khen-thuong/dot/<id>/gop-y/`: read by the Department alone."""

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
