"""The admin of events, programme and people; a client of the domain's verbs."""

from agenda.admin import described, events, people, programme

__all__ = ["described", "events", "people", "programme"]
