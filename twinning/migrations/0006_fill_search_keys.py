"""School keys tell names from places, for the order of what a search finds."""

from django.db import migrations

from twinning.models import School as Today
from twinning.vietnamese import ranked_key

CHUNK = 500


def fill(apps, editor):
    School = apps.get_model("twinning", "School")
    District = apps.get_model("twinning", "District")
    kinds = dict(District._meta.get_field("kind").flatchoices)
    units = District.objects.values_list("pk", "kind", "name")
    districts = {pk: f"{kinds[kind]} {name}" for pk, kind, name in units}
    changed = []
    for school in School.objects.only("name", "level", "code", "district_id", "search_key").iterator(CHUNK):
        level = Today.Level(school.level)
        aliases = f"trường {Today.LEVEL_WORDS[level]} {level.label}"
        school.search_key = ranked_key(school.name, aliases, school.code, districts[school.district_id])
        changed.append(school)
    School.objects.bulk_update(changed, ["search_key"], batch_size=CHUNK)


class Migration(migrations.Migration):

    dependencies = [("twinning", "0005_units_lists_and_jobs")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
