"""Name the app that carries changes."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "eventhub.live"
    label = "live"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.apps import apps

        from eventhub.live import guard
        from eventhub.live.models import Shown

        for model in apps.get_models():
            if issubclass(model, Shown):
                guard.watch(model)
