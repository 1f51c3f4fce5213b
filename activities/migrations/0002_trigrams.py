from django.db import migrations

from twinning.search import trigram_index


class Migration(migrations.Migration):

    dependencies = [("activities", "0001_initial"), ("twinning", "0007_trigrams")]

    operations = [trigram_index("activities", "activity")]
