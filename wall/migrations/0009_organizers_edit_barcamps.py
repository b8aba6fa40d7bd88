from django.db import migrations

GROUP = "Organizers"
MODELS = ("barcamp", "period", "proposal")
ACTIONS = ("add", "change", "delete", "view")


def give(apps, schema_editor):
    """The group keeps what it has; what is new here nobody can have taken from it."""
    group = apps.get_model("auth", "Group").objects.filter(name=GROUP).first()
    if group is None:
        return
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for model in MODELS:
        kind, _ = ContentType.objects.get_or_create(app_label="agenda", model=model)
        for action in ACTIONS:
            right, _ = Permission.objects.get_or_create(
                content_type=kind,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {model}"},
            )
            group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("wall", "0008_screen_view"),
        ("agenda", "0006_barcamp"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
