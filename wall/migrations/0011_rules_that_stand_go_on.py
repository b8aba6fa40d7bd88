"""Events that were set up before there was a fallback go on as they did."""

from django.db import migrations


def go_on(apps, schema_editor):
    apps.get_model("wall", "Rule")._base_manager.update(fallback="go_on")


class Migration(migrations.Migration):
    dependencies = [("wall", "0010_keepers_of_the_hashtag")]

    operations = [migrations.RunPython(go_on, migrations.RunPython.noop)]
