"""Every school there is gets its Department and the open row that says who manages it."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    School = apps.get_model("twinning", "School")
    District = apps.get_model("twinning", "District")
    SchoolManagement = apps.get_model("twinning", "SchoolManagement")
    own = District.objects.filter(pk=OuterRef("district")).values("department")
    School.objects.update(department=Subquery(own))
    SchoolManagement.objects.bulk_create(
        (
            SchoolManagement(school_id=pk, district_id=district, valid_from=valid_from, valid_to=valid_to)
            for pk, district, valid_from, valid_to in School.objects.values_list(
                "pk", "district", "valid_from", "valid_to"
            )
        ),
        batch_size=2000,
    )


class Migration(migrations.Migration):
    dependencies = [("twinning", "0002_units_with_history")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
