import twinning.fields
from django.db import migrations, models

from twinning.vietnamese import fold


def key_names(apps, editor):
    """Two kinds of a programme that differ in marks or case alone get a figure behind the later name: which of them
    goes on is for the Department to say."""
    taken = set()
    kinds = apps.get_model("activities", "ActivityKind").objects.order_by("programme", "position", "pk")
    for kind in kinds:
        name, n = kind.name, 1
        while (kind.programme_id, fold(name)) in taken:
            n += 1
            name = f"{kind.name[:75]} ({n})"
        taken.add((kind.programme_id, fold(name)))
        kind.name, kind.name_key = name, fold(name)
        kind.save()


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0009_receipts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='activitykind',
            name='activity_kind_once',
        ),
        migrations.AddField(
            model_name='activitykind',
            name='is_active',
            field=models.BooleanField(default=True, verbose_name='đang dùng'),
        ),
        migrations.AddField(
            model_name='activitykind',
            name='name_key',
            field=twinning.fields.KeyField(db_index=False, default='', editable=False, max_length=100),
        ),
        migrations.AlterField(
            model_name='activitykind',
            name='group',
            field=models.CharField(choices=[('professional', 'Chuyên môn'), ('exam', 'Ôn thi, bồi dưỡng'), ('management', 'Quản lý, xây dựng nhà trường'), ('exchange', 'Giao lưu'), ('union', 'Công đoàn')], max_length=12, verbose_name='nhóm'),
        ),
        migrations.RunPython(key_names, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='activitykind',
            constraint=models.UniqueConstraint(fields=('programme', 'name_key'), name='activity_kind_once'),
        ),
    ]
