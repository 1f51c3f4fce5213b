"""What hangs on an agreement and is written by its parties: the pages share who may, the lock and the event."""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.forms.sides import TaskForceForm
from twinning.models import Agreement
from twinning.models.pilot import filled_of
from twinning.pages import SmallFormPage


def around(agreement, user):
    """Context of the cards beside an agreement: task force, pilot schools, papers, and what `user` may change."""
    may_keep = agreement.status in Agreement.Status.open() and bool(access.keeps_sides(user, agreement))
    pilots = {side: [] for side in Agreement.Side}
    filled = {}
    if agreement.tier == Agreement.Tier.DISTRICT:
        filled = filled_of([agreement])[agreement.pk]
        for pilot in agreement.pilot_schools.select_related("school__district"):
            pilots[pilot.side].append(pilot)
    force = list(agreement.task_force.all())
    return {
        "task_force": [
            (agreement.party_name(side), [member for member in force if member.side == side])
            for side in Agreement.Side
            if any(member.side == side for member in force)
        ],
        "pilot_sides": [(agreement.party_name(side), filled[side], pilots[side]) for side in filled],
        "documents": agreement.documents.with_earlier(),
        "may_keep": may_keep,
        "may_upload": access.adds_papers(user, agreement),
        "may_edit_parties": agreement.is_open_to_edit() and access.writes_parties(user, agreement),
    }


class AroundAgreement(SmallFormPage):
    """A form on what hangs on one agreement. Two people who save at once come one after the other: the agreement's row
    is locked. Of a closed agreement there is nothing to fill in; one closed meanwhile is said by the form, which keeps
    what was typed. Subclasses give `event`, the name of the event that tells what `form.save()` changed."""

    model = Agreement
    queryset = Agreement.objects.for_list()
    template_name = "twinning/agreement/sides_form.html"
    event = ""

    def may(self, user):
        return bool(access.keeps_sides(user, self.object))

    def is_open(self):
        return self.object.status in Agreement.Status.open()

    def get(self, request, *args, **kwargs):
        if not self.is_open():
            raise Http404
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            Agreement.objects.select_for_update(of=("self",)).get(pk=self.object.pk)
            self.object = self.get_object()
            return super().post(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "agreement": self.object}

    def save(self, form):
        if changed := form.save():
            self.object.record_event(self.event, self.request.user, note=changed)

    def get_context_data(self, **kwargs):
        events = self.object.events.filter(action=self.event).select_related("by") if self.event else []
        return super().get_context_data(events=events, **kwargs)


class TaskForceEdit(AroundAgreement):
    """Who carries the agreement out on each side."""

    form_class = TaskForceForm
    heading = _("Tổ công tác")
    done = _("Đã lưu tổ công tác.")
    event = "task_force"
