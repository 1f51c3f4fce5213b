"""What tests of activities type and look at: the form of an activity, its actions, and how many rows there are."""

from io import BytesIO

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from activities.models import Activity

TITLE = "Chuyên đề Toán 9"


def activity_form(world, **changes):
    """What the page sends for a held activity of the person's own unit: `own` is its key, `own_row` changes its counts,
    `rows` are further units."""
    own = changes.pop("own", f"school:{world.school_a.pk}")
    rows = [{"unit": own, "teacher_turns": "24", "manager_turns": "2", "pupil_turns": ""}, *changes.pop("rows", [])]
    rows[0] |= changes.pop("own_row", {})
    data = {
        "state": "held",
        "kind": world.kind.pk,
        "title": TITLE,
        "day": "20/10/2023",
        "subject": world.toan.pk,
        "grade": "9",
        "mode": "in_person",
        "hosted_by": "own",
        "units-TOTAL_FORMS": len(rows),
        "units-INITIAL_FORMS": len(rows),
        **changes,
    }
    return data | {f"units-{i}-{field}": value for i, row in enumerate(rows) for field, value in row.items()}


def photo(name="anh.jpg"):
    buffer = BytesIO()
    Image.new("RGB", (20, 20)).save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue())


def act(client, thing, name, **given):
    """Post the action `name` of an activity or a gift and follow to the page that answers."""
    url = reverse(f"{thing._meta.model_name}_action", args=[thing.pk, thing.ACTIONS[name].slug])
    response = client.post(url, given, follow=True)
    thing.refresh_from_db()
    return response


def counts(teachers=0, managers=0, pupils=0, **more):
    """The boxes of head-counts, an empty one for 0."""
    typed = {"teacher_turns": teachers, "manager_turns": managers, "pupil_turns": pupils}
    return {box: str(number or "") for box, number in typed.items()} | more


def totals(activity):
    """Lượt of teachers, managers and pupils, as stored."""
    return tuple(
        Activity.objects.values_list("teacher_turns", "manager_turns", "pupil_turns").get(pk=activity.pk),
    )


def row_counts():
    """Model → how many rows it has, for every table but that of sessions."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model is not Session}


def refused(response, *words):
    """The page again, with what is wrong; nothing of an activity stored."""
    assert response.status_code == 422
    page = response.content.decode()
    for word in words:
        assert word in page
    assert TITLE in page
    stored = {label: n for label, n in row_counts().items() if label.startswith("activities.") and "Kind" not in label}
    assert not any(stored.values()), stored
