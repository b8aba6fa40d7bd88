"""Name the app that carries changes."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "eventhub.live"
    label = "live"
    default_auto_field = "django.db.models.BigAutoField"
