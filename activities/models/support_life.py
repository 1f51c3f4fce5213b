"""What can happen to a gift: its statuses, the table of the ways between them, what each step does."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification
from twinning import access, school_year
from twinning.life import Action, LifeModel


class Status(models.TextChoices):
    PLEDGED = "pledged", _("cam kết")
    CLAIMED = "claimed", _("bên nhận ghi, chờ bên trao xác nhận")
    DELIVERED = "delivered", _("đã trao, chờ bên nhận xác nhận")
    RECEIVED = "received", _("bên nhận đã xác nhận")
    CANCELLED = "cancelled", _("đã huỷ")
    MERGED = "merged", _("đã gộp")


ACTIONS = {
    "deliver": Action(
        slug="da-trao",
        label=_("Ghi nhận đã trao"),
        before=(Status.PLEDGED,),
        after=Status.DELIVERED,
        who=access.gives_support,
        asks=("delivered_on",),
        done=_("Đã ghi nhận. Bên nhận được báo để xác nhận."),
        tells="receiving_people",
        news=_("{by} ghi nhận đã trao: {it}. Hãy xác nhận đã nhận."),
    ),
    "receive": Action(
        slug="da-nhan",
        label=_("Xác nhận đã nhận"),
        before=(Status.DELIVERED,),
        after=Status.RECEIVED,
        who=access.receives_support,
        asks=("received_on",),
        optional=("received_on",),
        done=_("Đã xác nhận. Cảm ơn thầy/cô."),
        explain=_("Xác nhận nghĩa là đơn vị đã nhận đủ như ghi ở trên."),
        tells="giving_people",
        news=_("{by} xác nhận đã nhận: {it}."),
    ),
    "return": Action(
        slug="chua-du",
        label=_("Chưa nhận đủ"),
        before=(Status.DELIVERED,),
        after=Status.PLEDGED,
        who=access.receives_support,
        asks=("note",),
        done=_("Đã báo bên trao xem lại."),
        explain=_("Ghi còn thiếu gì. Khoản này trở về cam kết, chưa tính; bên trao trao đủ hoặc sửa lại rồi ghi nhận."),
        tone="quiet",
        tells="giving_people",
        news=_("{by} báo chưa nhận đủ: {it}. Hãy xem lý do, trao đủ hoặc sửa lại."),
    ),
    "acknowledge": Action(
        slug="dung-da-trao",
        label=_("Đúng, chúng tôi đã trao"),
        before=(Status.CLAIMED,),
        after=Status.RECEIVED,
        who=access.gives_support,
        done=_("Đã xác nhận. Khoản này nay được tính."),
        explain=_("Xác nhận nghĩa là đơn vị đã trao đúng như bên nhận ghi ở trên."),
        tells="receiving_people",
        news=_("{by} xác nhận đã trao: {it}."),
    ),
    # Both sides wrote the same gift; joining the two records says what each would have confirmed.
    "agree": Action(
        slug="hai-ben-cung-ghi",
        label=_("Hai bên cùng ghi như nhau"),
        before=(Status.CLAIMED, Status.DELIVERED),
        after=Status.RECEIVED,
        who=access.merges_support,
        done=_("Hai bên cùng ghi như nhau."),
        tells="all_people",
        news=_("Hai bên cùng ghi “{it}” như nhau, nên khoản này được tính là đã xác nhận."),
    ),
    "merge": Action(
        slug="gop",
        label=_("Gộp vào khoản khác"),
        before=(Status.PLEDGED, Status.CLAIMED, Status.DELIVERED, Status.RECEIVED),
        after=Status.MERGED,
        who=access.merges_support,
        done=_("Đã gộp. Chứng từ và lời ghi đã sang khoản kia; giá trị tính một lần."),
        explain=_("Dùng khi một khoản bị ghi hai lần. Bản này vẫn xem lại được nhưng không tính vào số liệu."),
        tone="quiet",
        tells="all_people",
        news=_("{by} đã gộp khoản hỗ trợ “{it}” vào khoản khác vì ghi trùng."),
    ),
    "cancel": Action(
        slug="huy",
        label=_("Huỷ"),
        before=(Status.PLEDGED, Status.CLAIMED, Status.DELIVERED),
        after=Status.CANCELLED,
        who=access.cancels_support,
        asks=("note",),
        done=_("Đã huỷ. Khoản này không được tính nữa."),
        explain=_("Khoản hỗ trợ vẫn xem lại được, kèm lý do, nhưng không tính vào số liệu."),
        tone="danger",
        tells="all_people",
        news=_("{by} đã huỷ khoản hỗ trợ: {it}."),
    ),
}


class SupportLife(LifeModel):
    """A gift as far as it lives: pledged, delivered, received, and who has the next word. The model
    (activities.models.support) has the fields and says what is a gift at all."""

    Status, ACTIONS = Status, ACTIONS
    # Asks which one to merge into, on a form of its own (activities/forms/merge.py).
    ACTIONS_WITH_FORMS = frozenset({"merge"})
    # "agree" follows from merging, nobody presses it.
    HIDDEN_ACTIONS = frozenset({"agree"})
    OTHER_EVENTS = {**LifeModel.OTHER_EVENTS, "absorb": _("Nhận gộp từ khoản khác")}

    class Meta:
        abstract = True

    @property
    def next_step(self):
        sentence = {
            self.Status.CLAIMED: _t("%s xác nhận đã trao.") % self.giver,
            self.Status.PLEDGED: _t("%s trao rồi ghi nhận ngày trao.") % self.giver,
            self.Status.DELIVERED: _t("%s xác nhận đã nhận.") % self.receiver,
        }
        return sentence.get(self.status, "")

    def is_open_to_edit(self):
        return self.status in {self.Status.PLEDGED, self.Status.CLAIMED}

    def before_action(self, name, by):
        """Delivered help counts in the school year it was delivered in, for the units of that day."""
        if name == "deliver":
            self.stand_under(self.delivered_on)
        elif name == "receive":
            self.received_on = self.received_on or max(timezone.localdate(), self.delivered_on)
            self._store("received_on")

    def after_action(self, name, by, **given):
        """What came back as incomplete is a pledge again, with the day it was pledged on; the event tells the other."""
        if name == "return":
            self.delivered_on = None
            self._store("delivered_on")
            self.stand_under(self.pledged_on)

    def stand_under(self, day):
        """Store the school year and the units of `day`."""
        self.school_year = school_year.school_year_of(day)
        self.place(day)
        self._store("school_year", "giver_district", "receiver_district")

    def _store(self, *fields):
        type(self).objects.filter(pk=self.pk).update(**{field: getattr(self, field) for field in fields})

    def giving_people(self):
        return access.people_of(school_id=self.giver_school_id, district_id=self.giver_district_id)

    def receiving_people(self):
        return access.people_of(school_id=self.receiver_school_id, district_id=self.receiver_district_id)

    def tell_giver(self, by):
        """A receiver recorded it: the giver is asked for its word."""
        people = [person for person in self.giving_people() if person != by]
        text = _t("%(by)s ghi đã nhận: %(it)s. Hãy xác nhận đã trao.") % {"by": by, "it": self}
        Notification.objects.tell(people, text, self.get_absolute_url(), self.next_step)

    def all_people(self):
        return list({*self.giving_people(), *self.receiving_people()})
