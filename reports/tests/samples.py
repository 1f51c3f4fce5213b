"""What the tests of all samples ask: does it always come out the same, and is nobody named who is real."""

from hashlib import sha256

from django.apps import apps
from django.db import models
from django.db.models import Q

from twinning.models import Teacher
from twinning.vietnamese import fold

APPS = ["accounts", "twinning", "activities", "reports"]
# Named in the sources of the sample. They held offices or wrote; nothing invented may bear their names.
REAL_PEOPLE = [
    "Phùng Ngọc Oanh",
    "Lê Đức Thuận",
    "Nguyễn Văn Hưng",
    "Phạm Văn Ngát",
    "Trần Thế Cương",
    "Lê Hồng Vũ",
    "Đào Công Lợi",
    "Đặng Văn Hài",
    "Đặng Văn Hải",
    "Thái Văn Thành",
    "Phạm Thảo",
    "Hoàng Quyết",
    "Mỹ Hà",
]


def portal_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def models_that_name_real_people():
    """Models with a row in whose text one of REAL_PEOPLE stands; teachers not even in another spelling."""
    for model in portal_models():
        named = Q()
        for field in model._meta.get_fields():
            if isinstance(field, models.CharField | models.TextField):
                for name in REAL_PEOPLE:
                    named |= Q(**{f"{field.name}__icontains": name})
        if named and model.objects.filter(named).exists():
            yield model
    if {fold(name) for name in REAL_PEOPLE} & set(Teacher.objects.values_list("name_key", flat=True)):
        yield Teacher


def digest(rows):
    """Twelve letters that stand for all values of `rows` (a queryset of tuples), in whatever order they come."""
    lines = sorted("|".join(map(str, row)) for row in rows.order_by())
    return sha256("\n".join(lines).encode()).hexdigest()[:12]
