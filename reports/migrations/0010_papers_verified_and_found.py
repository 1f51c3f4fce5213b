import reports.verification
import twinning.fields
from django.db import migrations, models
from twinning.vietnamese import search_key


def fill_keys(apps, editor):
    """What papers in the register are found by; theirs is made at issue from now on."""
    papers = apps.get_model("reports", "OutgoingPaper").objects.select_related("school", "district", "department")
    for paper in papers.iterator():
        unit = paper.school or paper.district or paper.department
        number = f"{paper.number:02d}/{paper.symbol}"
        paper.search_key = search_key(number, paper.type_name, paper.abstract, paper.signer, unit.name, paper.note)[:700]
        paper.save(update_fields=["search_key"])


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_batches")]

    operations = [
        migrations.AddField(
            model_name="supplement",
            name="file",
            field=models.FileField(blank=True, max_length=200, upload_to="supplements/%Y/"),
        ),
        migrations.AddField(
            model_name="supplement",
            name="sha256",
            field=models.CharField(blank=True, editable=False, max_length=64, default=""),
            preserve_default=False,
        ),
        # Without a default first: supplements of before have no code on their page 1.
        migrations.AddField(
            model_name="supplement",
            name="code",
            field=models.CharField(blank=True, editable=False, max_length=12, null=True, unique=True, verbose_name="mã xác minh"),
        ),
        migrations.AlterField(
            model_name="supplement",
            name="code",
            field=models.CharField(blank=True, default=reports.verification.new_code, editable=False, max_length=12, null=True, unique=True, verbose_name="mã xác minh"),
        ),
        migrations.AddField(
            model_name="outgoingpaper",
            name="search_key",
            field=twinning.fields.KeyField(db_index=False, default="", editable=False, max_length=700),
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
    ]
