"""`{{ barcamp|phase_switch }}`: the phases of a barcamp as its staff switches them."""

from django import template

from agenda import phase_topics
from agenda.models import Barcamp

register = template.Library()


@register.filter
def phase_switch(barcamp: Barcamp) -> str:
    return phase_topics.switch(barcamp).html or ""
