"""Who changed which number when, read from the field history of a model (django-simple-history)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LABELS = {"+": gettext_lazy("Nhập mới"), "~": gettext_lazy("Sửa"), "-": gettext_lazy("Xoá")}


@dataclass(frozen=True)
class Change:
    """One entry of components/history.html."""

    label: str
    actor: str
    at: datetime
    note: str
    unit: str = ""


def changes(history, show, about=lambda row: ""):
    """Newest first, the Changes told by `history` (a queryset of historical rows, of one or several rows of a model).

    show: {field: text of its value}; about: historical row → what the change is about, put before the label.
    """
    told, before = [], {}
    for row in history.select_related("history_user").order_by("history_date", "history_id"):
        old = before.get(row.id)
        before[row.id] = row
        is_gone = row.history_type == "-"
        lines = []
        for field, text in show.items():
            was = text(getattr(old, field)) if old else text(None)
            now = text(None) if is_gone else text(getattr(row, field))
            if was != now:
                label = row._meta.get_field(field).verbose_name
                lines.append(f"{label}: {was} → {now}" if old else f"{label}: {now}")
        told.append(
            Change(
                label=" · ".join(filter(None, [about(row), str(LABELS[row.history_type])])),
                actor=str(row.history_user or _("cập nhật hàng loạt (nhập tệp, sáp nhập, hoàn tác)")),
                at=row.history_date,
                note="\n".join(lines),
            )
        )
    return told[::-1]


def keep_up(row):
    """Bring the history of a stored row up to what is stored, under no name: acts on many rows write past it, and the
    next person who saves must not be shown as the one who changed what they changed."""
    fields = [field.attname for field in row._meta.concrete_fields]
    stored = type(row)._base_manager.filter(pk=row.pk).values(*fields).first()
    if stored is None:
        return
    last = row.history.order_by("history_date", "history_id").values(*fields).last()
    if last != stored:
        kind = "~" if last else "+"
        row.history.model.objects.create(history_date=timezone.now(), history_type=kind, **stored)
