"""Name the app that puts the parts together: commands, templates, checks."""

from django.apps import AppConfig


class EventhubConfig(AppConfig):
    name = "eventhub"

    def ready(self) -> None:
        from eventhub import checks  # noqa: F401  (registers the system checks)
