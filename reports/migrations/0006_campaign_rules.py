from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0005_campaign"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('period', 'department', 'version'), name='report_once_per_department'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('period', 'district', 'version'), name='report_once_per_district'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('period', 'school', 'version'), name='report_once_per_school'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'interim')), fields=('programme', 'school_year'), name='period_once_per_year', violation_error_message='Kỳ báo cáo của năm học này đã mở.'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'final')), fields=('programme',), name='period_final_once', violation_error_message='Kỳ tổng kết của giai đoạn này đã mở.'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'ad_hoc')), fields=('programme', 'name'), name='period_ad_hoc_name_once', violation_error_message='Đã có kỳ báo cáo đột xuất mang tên này.'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'final'), ('school_year', None)), models.Q(('school_year__isnull', False), models.Q(('kind', 'final'), _negated=True)), _connector='OR'), name='period_kind_fits_year', violation_error_message='Hãy chọn năm học; chỉ kỳ tổng kết giai đoạn không có năm học riêng.'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'ad_hoc'), models.Q(('name', ''), _negated=True)), models.Q(models.Q(('kind', 'ad_hoc'), _negated=True), ('name', '')), _connector='OR'), name='period_kind_fits_name', violation_error_message='Kỳ đột xuất cần có tên; kỳ sơ kết, tổng kết thì không ghi tên riêng.'),
        ),
        migrations.AddConstraint(
            model_name='reportingperiod',
            constraint=models.CheckConstraint(condition=models.Q(('due_district_on__gte', models.F('due_school_on')), ('due_on__gte', models.F('due_district_on')), ('due_school_on__gte', models.F('cut_off_on'))), name='period_levels_in_order', violation_error_message='Hạn nộp phải bằng hoặc sau ngày chốt số liệu, và lần lượt: trường, rồi Phòng, rồi Sở.'),
        ),
        migrations.AddConstraint(
            model_name='outgoingpaper',
            constraint=models.UniqueConstraint(condition=models.Q(('district', None), ('school', None)), fields=('department', 'symbol', 'year', 'number'), name='outgoing_once_department'),
        ),
        migrations.AddConstraint(
            model_name='outgoingpaper',
            constraint=models.UniqueConstraint(condition=models.Q(('district__isnull', False)), fields=('district', 'symbol', 'year', 'number'), name='outgoing_once_district'),
        ),
        migrations.AddConstraint(
            model_name='outgoingpaper',
            constraint=models.UniqueConstraint(condition=models.Q(('school__isnull', False)), fields=('school', 'symbol', 'year', 'number'), name='outgoing_once_school'),
        ),
        migrations.AddConstraint(
            model_name='outgoingpaper',
            constraint=models.CheckConstraint(condition=models.Q(('district', None), ('school', None), _connector='OR'), name='outgoing_one_issuer'),
        ),
        migrations.AddConstraint(
            model_name='reportingcalendar',
            constraint=models.CheckConstraint(condition=models.Q(('due_department__gte', models.F('due_district')), ('due_district__gte', models.F('due_school')), ('due_school__gte', models.F('cut_off'))), name='calendar_days_in_order', violation_error_message='Hạn nộp phải bằng hoặc sau ngày chốt số liệu, và lần lượt: trường, rồi Phòng, rồi Sở.'),
        ),
        migrations.AddConstraint(
            model_name='supplement',
            constraint=models.UniqueConstraint(fields=('report', 'position'), name='supplement_position_once'),
        ),
    ]
