"""Name the app of what is planned, and tell the live spine which topics it has."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    name = "agenda"
    verbose_name = _("Programme and people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agenda import (
            board_topics,
            card_sessions,
            grid_topics,
            home_topics,
            phase_topics,
            pitch_topics,
            plan_topics,
            programme,
            stage_topics,
            topics,
        )

        topics.register()
        board_topics.register()
        home_topics.register()
        pitch_topics.register()
        grid_topics.register()
        plan_topics.register()
        stage_topics.register()
        phase_topics.register()
        programme.follow_sessions(card_sessions.follow)
