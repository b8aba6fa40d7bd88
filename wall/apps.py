"""Name the app of what many people see at once, and tell the live spine which topics it has."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WallConfig(AppConfig):
    name = "wall"
    verbose_name = _("Wall and screens")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wall import topics

        topics.register()
