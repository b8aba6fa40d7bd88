"""Which time zones this machine knows. Refuses to look twice: the list is hundreds of files."""

from functools import cache
from zoneinfo import available_timezones


@cache
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())
