"""Name the app of what many people see at once; say which topics it has and what it follows."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WallConfig(AppConfig):
    name = "wall"
    verbose_name = _("Wall and screens")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agenda import copying, home_topics, programme, session_page
        from agenda.api import parts
        from wall import (
            absence,
            coming_topics,
            cue_topics,
            founding,
            notes,
            placard_topics,
            placards,
            prompt_topics,
            screen_topics,
            screens_topics,
            session_notes,
            step_topics,
            topics,
        )
        from wall.models import Rule, Step

        topics.register()
        screen_topics.register()
        screens_topics.register()
        cue_topics.register()
        coming_topics.register()
        placard_topics.register()
        prompt_topics.register()
        home_topics.add_part(Step.kind, step_topics.panel_of)
        home_topics.add_part(Rule.kind, absence.line_of)
        copying.follow_copies(founding.copied)
        copying.prepare_copies(placards.copies)
        programme.follow_sessions(notes.sessions_changed)
        session_page.add_part(session_notes.part)
        parts.add("hooks/", "wall.api.router")
