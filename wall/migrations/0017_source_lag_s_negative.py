from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wall", "0016_why_evidence_is_kept_is_sealed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="lag_s",
            field=models.IntegerField(blank=True, editable=False, null=True),
        ),
    ]
