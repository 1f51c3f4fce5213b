from django.db import migrations

from twinning.search import trigram_index


class Migration(migrations.Migration):

    dependencies = [("twinning", "0006_fill_search_keys")]

    operations = [trigram_index("twinning", "school"), trigram_index("twinning", "agreement")]
