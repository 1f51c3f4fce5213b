"""Each pilot school says which side chose it; targets count turns of teachers, and help only of the whole."""

from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    """Those the supported side ever managed are its own; the others stay with the side that is the default."""
    PilotSchool = apps.get_model("twinning", "PilotSchool")
    own = PilotSchool.objects.filter(school__managements__district=F("agreement__supported_district"))
    PilotSchool.objects.filter(pk__in=list(own.values_list("pk", flat=True))).update(side="supported")


class Migration(migrations.Migration):
    dependencies = [("twinning", "0010_invitations")]

    operations = [
        migrations.AddField(
            model_name="pilotschool",
            name="side",
            field=models.CharField(
                choices=[("supporting", "bên hỗ trợ"), ("supported", "bên được hỗ trợ")],
                default="supporting",
                max_length=10,
                verbose_name="bên",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="target",
            name="turns",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="lượt giáo viên"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_area", None), ("support_vnd", None), _connector="OR"),
                name="target_of_support_is_of_the_whole",
                violation_error_message="Hỗ trợ không ghi theo nội dung; hãy đặt chỉ tiêu ở dòng chung.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
