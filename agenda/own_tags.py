"""The three hashtags that a guest says of themselves: kept, read, taken back. Knows no requests."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from agenda import attendees, characters
from agenda.hashtags import is_tag, same_tag
from agenda.models import Attendee, Event

MAX_OWN = 3
MAX_CHARS = 40  # what still fits on a line of a badge
MAX_READ_CHARS = 2000
_BETWEEN = re.compile(r"[\s,;#＃]+")


class TagRefused(Exception):
    """It cannot be a hashtag; `message` says in one sentence what to do."""

    code = "no_tag"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def checked(written: Iterable[str]) -> list[str]:
    """Up to three tags without #, each once; several may stand in one field. Raises TagRefused."""
    found: list[str] = []
    for field in written:
        line = characters.clean_name(field[:MAX_READ_CHARS])
        for word in filter(None, _BETWEEN.split(line)):
            if len(word) > MAX_CHARS or not is_tag(word):
                words = _("“%(tag)s” is no hashtag. Use one word of letters and digits.")
                raise TagRefused(words % {"tag": word[:MAX_CHARS]})
            if not any(same_tag(word, other) for other in found):
                found.append(word)
    if len(found) > MAX_OWN:
        raise TagRefused(_("Three are enough. Take those that say most about you."))
    return found


def of_guest(event: Event, key: str | None) -> list[str]:
    """What this guest has said of themselves. One query."""
    if key is None:
        return []
    found = Attendee.objects.filter(event=event, key=key).values_list("tags", flat=True).first()
    return list(found or [])


def say(event: Event, key: str, written: Iterable[str]) -> list[str]:
    """The guest with this key says these of themselves, none takes them back. Raises TagRefused."""
    tags = checked(written)
    attendee = attendees.row_for(event, key)
    if attendee.tags != tags:
        attendee.tags = tags
        attendee.save(update_fields=["tags"])
    return tags
