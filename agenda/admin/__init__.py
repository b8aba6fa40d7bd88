"""The admin of events, programme and people; a client of the domain's verbs."""

from agenda.admin import events, people, programme

__all__ = ["events", "people", "programme"]
