"""What tests of activities type and look at: forms, actions, numbers of rows; and activities and gifts made by hand."""

from datetime import date
from io import BytesIO

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from activities.models import Activity, ActivitySchool, Support
from twinning.models import District

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


def act(client, thing, name, *, follow=True, **given):
    """Post the action `name` of an activity or a gift and follow to the page that answers."""
    url = reverse(f"{thing._meta.model_name}_action", args=[thing.pk, thing.ACTIONS[name].slug])
    response = client.post(url, given, follow=follow)
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
    tables = {model._meta.label: model._meta.db_table for model in apps.get_models() if model is not Session}
    counts = ", ".join(f'(SELECT COUNT(*) FROM "{table}")' for table in tables.values())
    with connection.cursor() as cursor:  # in one query: a test asks for it before and after each of many requests
        cursor.execute(f"SELECT {counts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


def refused(response, *words):
    """The page again, with what is wrong; nothing of an activity stored."""
    assert response.status_code == 422
    page = response.content.decode()
    for word in words:
        assert word in page
    assert TITLE in page
    stored = {label: n for label, n in row_counts().items() if label.startswith("activities.") and "Kind" not in label}
    assert not any(stored.values()), stored


# --- Rows made by hand ----------------------------------------------------------------------------------------------


def an_activity(world, rows, day=date(2023, 10, 20), status="held", **fields):
    """An activity with its rows: {unit: lượt of teachers, or (teachers, managers, pupils)}; the first unit hosts and
    recorded it, on its day."""
    host = next(iter(rows))
    kind = "district" if isinstance(host, District) else "school"
    fields = {
        "kind": world.kind,
        "title": f"Chuyên đề ngày {day:%d/%m/%Y}",
        f"host_{kind}": host,
        f"recorded_{kind}": host,
        **({"planned_on": day} if status == "planned" else {"held_on": day, "asked_on": day}),
        **fields,
    }
    activity = Activity.objects.create(programme=world.programme, status=status, **fields)
    for unit, turns in rows.items():
        of = {"district": unit} if isinstance(unit, District) else {"school": unit, "district": unit.district}
        teachers, managers, pupils = turns if isinstance(turns, tuple) else (turns, 0, 0)
        ActivitySchool.objects.create(
            activity=activity, **of, teacher_turns=teachers, manager_turns=managers, pupil_turns=pupils
        )
    activity.store_totals()
    return activity


def a_gift(world, giver, receiver, value, day=date(2023, 10, 20), **fields):
    """A gift from unit to unit, delivered on the day unless another status is given."""
    data = {"kind": "cash", "title": f"Tặng {value} đồng", "pledged_on": day, "value_vnd": value}
    for side, unit in (("giver", giver), ("receiver", receiver)):
        if isinstance(unit, District):
            data[f"{side}_district"] = unit
        else:
            data |= {f"{side}_school": unit, f"{side}_district": unit.district}
    if "status" not in fields:
        data |= {"status": "delivered", "delivered_on": day}
    return Support.objects.create(programme=world.programme, **data | fields)
