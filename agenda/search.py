"""Find sessions by words, as people type them: any case, without dots and accents. Reads only."""

import unicodedata
from collections import defaultdict

from agenda.models import Appearance, Event, Slot

MAX_CHARS = 80
MAX_WORDS = 8
MAX_FOUND = 200  # slots on one page of results


def folded(text: str) -> str:
    """ "Größe" and "GROSSE" are one word, and so are "Café" and "cafe"."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(typed: str) -> list[str]:
    return folded(typed[:MAX_CHARS]).replace("#", " ").split()[:MAX_WORDS]


def find(event: Event, typed: str) -> list[Slot]:
    """The slots, by time, in whose session or room every word occurs. Five queries at most.

    Compared here and not by the database: SQLite knows upper and lower case in ASCII only.
    """
    words = words_of(typed)
    if not words:
        return []
    texts = _texts(event)
    rooms = dict(event.rooms.values_list("pk", "name"))
    placed = event.slots.order_by("starts_at", "pk").values_list("pk", "session_id", "room_id")
    found = [
        pk
        for pk, session_id, room_id in placed
        if _holds(words, f"{texts.get(session_id, '')} {folded(rooms.get(room_id, ''))}")
    ]
    return list(Slot.objects.of(event).filter(pk__in=found[:MAX_FOUND]).in_order())


def _holds(words: list[str], text: str) -> bool:
    return all(word in text for word in words)


def _texts(event: Event) -> dict[int, str]:
    """What can be found of each session, by its number."""
    speakers: dict[int, list[str]] = defaultdict(list)
    appearances = Appearance.objects.filter(session__event=event)
    for number, name, organisation in appearances.values_list(
        "session_id", "speaker__name", "speaker__organisation"
    ):
        speakers[number] += [name, organisation]
    fields = ("title", "subtitle", "abstract", "description", "host", "hashtag", "track__name")
    return {
        number: folded(" ".join([*(text or "" for text in texts), *speakers[number]]))
        for number, *texts in event.sessions.values_list("pk", *fields)
    }
