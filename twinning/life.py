"""The life of a thing as one readable table.

A model with a life lists its ACTIONS (name → Action) and changes its status only through `perform`. Buttons, refusals,
history and tests read the same table.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Notification
from twinning import vietnamese
from twinning.access import seat

THE_PORTAL = gettext_lazy("Cổng giao ước")


class Refused(Exception):
    """An action that is not possible now; str() is a Vietnamese sentence that says why and what to do."""


@dataclass(frozen=True)
class Action:
    """One way from status to status.

    slug: last part of the URL; label: the button; before: statuses it starts from; after: the status it leads to (None:
    stays); who: rule of twinning.access, (user, object) → bool; asks: names of model fields (and "note", "scan") the
    person fills in; explain: what will change; tells: method of the object that gives the people to notify;
    news: the sentence they get, with {by} and {it}.
    """

    slug: str
    label: str
    before: tuple
    after: str | None
    who: Callable
    done: str
    asks: tuple = ()
    optional: tuple = ()
    explain: str = ""
    tone: str = "primary"
    tells: str = ""
    news: str = ""


class Event(models.Model):
    """Who did what and when; written in the transaction that does it. Concrete models add the foreign key `subject`."""

    action = models.CharField(gettext_lazy("việc"), max_length=30)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,  # the portal itself
        blank=True,
        verbose_name=gettext_lazy("người làm"),
        related_name="+",
    )
    unit = models.CharField(gettext_lazy("thay mặt"), max_length=200, blank=True)
    at = models.DateTimeField(gettext_lazy("lúc"), default=timezone.now)
    note = models.TextField(gettext_lazy("ý kiến"), blank=True)

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.label} – {self.actor} – {self.at:%d/%m/%Y}"

    @property
    def actor(self):
        """Who did it, in words."""
        return str(self.by) if self.by_id else str(THE_PORTAL)

    @property
    def label(self):
        action = self.subject.ACTIONS.get(self.action)
        return action.label if action else self.subject.OTHER_EVENTS[self.action]


class LifeModel(models.Model):
    """A model with `status`, ACTIONS and an `events` relation."""

    ACTIONS: dict[str, Action] = {}
    # Events that are no change of status, for the history.
    OTHER_EVENTS = {
        "create": gettext_lazy("Lập mới"),
        "edit": gettext_lazy("Sửa nội dung"),
        "upload": gettext_lazy("Thêm tài liệu"),
    }

    # Who has to do what now, as one sentence; a model that knows gives a property.
    next_step = ""

    created_at = models.DateTimeField(gettext_lazy("lập lúc"), auto_now_add=True)
    updated_at = models.DateTimeField(gettext_lazy("sửa lúc"), auto_now=True)

    class Meta:
        abstract = True

    def actions_for(self, user):
        """Name → Action of what `user` may do now, in the order of the table."""
        return {
            name: action
            for name, action in self.ACTIONS.items()
            if self.status in action.before and action.who(user, self)
        }

    def require(self, name, user):
        """Raise Refused with the reason when `user` may not do `name` now."""
        action = self.ACTIONS[name]
        if not action.who(user, self):
            raise Refused(_("Tài khoản của thầy/cô không có quyền làm việc này: “%s”.") % action.label)
        if self.status not in action.before:
            raise Refused(self._overtaken(action))

    def require_open(self):
        """Raise Refused with the reason when the content cannot be edited any more."""
        if not self.is_open_to_edit():
            step = self._last_step() or _("bản ghi đang ở trạng thái “%s”") % self.get_status_display()
            raise Refused(
                _("Không lưu được: %s nên không sửa được nữa. Những gì vừa gõ vẫn còn dưới đây để thầy/cô chép lại.")
                % step
            )

    def perform(self, name, by, note="", **given):
        """Do the action `name` as `by` (None: the portal itself): change the status, write the event, tell the others.
        All or nothing.

        Of what is `given`, fields of the model are stored in the row; the rest (a scan, comments) goes to the model's
        `after_action`; `note` goes to the event. Raises Refused, also when somebody else was faster: the UPDATE only
        succeeds on the status that was seen.
        """
        action = self.ACTIONS[name]
        self.require(name, by)
        seen = self.status
        own = {field.name for field in self._meta.concrete_fields}
        fields = {field: value for field, value in given.items() if field in own}
        rest = {key: value for key, value in given.items() if key not in own}
        for field, value in fields.items():
            setattr(self, field, value)
        with transaction.atomic():
            self.before_action(name, by)
            changes = {field: getattr(self, field) for field in fields}
            changes |= {"status": action.after or seen, "updated_at": timezone.now()}
            if not type(self)._base_manager.filter(pk=self.pk, status=seen).update(**changes):
                self.refresh_from_db()
                raise Refused(self._overtaken(action))
            self.status, self.updated_at = changes["status"], changes["updated_at"]
            self.record_event(name, by, note=note, from_status=seen)
            self.after_action(name, by, **rest)
            if hasattr(type(self), "history"):
                type(self).history.bulk_history_create([self], default_user=by, update=True)
            if action.tells:
                people = [person for person in getattr(self, action.tells)() if person != by]
                text = action.news.format(by=by or THE_PORTAL, it=self)
                Notification.objects.tell(people, text, self.get_absolute_url(), self.next_step)

    def before_action(self, name, by):
        """Hook inside the transaction, before the row changes; may raise Refused."""

    def after_action(self, name, by, **given):
        """Hook inside the transaction, after the row and its event are written; `given` is what is no field of the
        row."""

    def record_event(self, name, by, note="", from_status=""):
        membership = seat(by) if by else None
        return self.events.create(
            action=name,
            by=by,
            unit=str(membership.unit_name) if membership else "",
            note=note,
            from_status=from_status,
            to_status=self.status,
        )

    def _overtaken(self, action):
        if step := self._last_step():
            return _("“%(label)s” không còn làm được: %(step)s. Hãy xem lại trang rồi chọn việc tiếp theo.") % {
                "label": action.label,
                "step": step,
            }
        return _("“%(label)s” không làm được khi đang ở trạng thái “%(status)s”.") % {
            "label": action.label,
            "status": self.get_status_display(),
        }

    def _last_step(self):
        """Who brought it to its status, in words; empty when nobody did anything yet."""
        last = self.events.exclude(action__in=self.OTHER_EVENTS).select_related("by").first()
        return last and _("%(by)s đã “%(did)s” lúc %(at)s, nay ở trạng thái “%(status)s”") % {
            "by": last.actor,
            "did": last.label,
            "at": f"{timezone.localtime(last.at):%H:%M} {vietnamese.day(timezone.localtime(last.at))}",
            "status": self.get_status_display(),
        }
