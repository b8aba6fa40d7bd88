"""The admin of events, programme and people; a client of the domain's verbs."""

from agenda.admin import barcamp, described, events, people, programme

__all__ = ["barcamp", "described", "events", "people", "programme"]
