from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0002_guests_and_helpers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="doorentry",
            name="task",
            field=models.CharField(
                blank=True,
                choices=[("desk", "Desk"), ("pitch", "Pitches"), ("stage", "Stage")],
                max_length=10,
                verbose_name="task",
            ),
        ),
        migrations.AlterField(
            model_name="doorentry",
            name="what",
            field=models.CharField(
                choices=[
                    ("joined", "came in"),
                    ("spent", "refused: the code had been used"),
                    ("late", "refused: the hour was over"),
                    ("foreign", "refused: a code of another event"),
                    ("opened", "door opened"),
                    ("shut", "door shut"),
                    ("revoked", "sent away"),
                    ("left", "signed off"),
                ],
                max_length=10,
                verbose_name="what",
            ),
        ),
    ]
