"""`{{ slot|news:event }}`: what is new about a slot, as one line."""

from django import template

from agenda import news as slots
from agenda.models import Event, Slot

register = template.Library()


@register.filter
def news(slot: Slot, event: Event) -> str:
    return slots.news(slot, event)
