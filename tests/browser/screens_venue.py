"""Set up barcamps for tests of screens: `python -m tests.browser.screens_venue` prints JSON."""

import json
from datetime import datetime, timedelta
from typing import Any

import django

LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitän und die Digitalisierung der "
    "Betriebsrentenzusatzversicherung im Handwerk 2030"
)
HOSTILE = (
    '<img src=x onerror="window.hurt=1"> 🎉👩\u200d💻 <script>window.hurt=1</script> & "mehr" davon'
)
TITLES = (LONG, HOSTILE, "Kurz")
ROOMS = 7
WAITING = ("Podcast in einer Stunde", "Was darf ein Chatbot?", "Während der Lücke")
MINUTE = timedelta(minutes=1)


def main() -> None:
    django.setup()
    from django.utils import timezone

    from agenda import phases, pitching
    from tests import factories

    now = timezone.now().replace(second=0, microsecond=0)
    event = _event("mittelstand", now)
    known = _board(event, now)
    moderator = factories.make_moderator(event)
    pitches = _event("pitches", now)
    factories.make_barcamp(pitches, "pitch")
    for title in (LONG, HOSTILE, "Kurz", "Vierter"):
        factories.make_proposal(pitches, title, host="Ece Beispiel")
    on_stage = pitches.proposals.first()
    assert on_stage is not None
    pitching.call_up(pitches, on_stage)
    pitching.count(on_stage, 34)
    phases.enter(_board_without_cards(now), "board")
    print(json.dumps(known | {"moderator": _cookies(moderator)}))


def _event(slug: str, now: datetime) -> Any:
    """Its days end far from now; `slug` is the key of its screen as well."""
    from tests import factories

    event = factories.make_event(
        name="Mittelstand digital",
        slug=slug,
        hashtag="smartKMU",
        place="Börse Dresden",
        imprint="Forum, Musterweg 1",
        privacy="Wir speichern wenig.",
        zone="UTC",
        day_boundary=(now + timedelta(hours=12)).time(),
        starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(hours=8),
        purge_on=(now + timedelta(days=30)).date(),
    )
    factories.make_screen(event, key=slug, name="Saal")
    return event


def _board_without_cards(now: datetime) -> Any:
    from tests import factories

    event = _event("empty", now)
    factories.make_barcamp(event, "pitch")
    return event


def _board(event: Any, now: datetime) -> dict[str, Any]:
    """A full time row that runs, one to come with a free place, a free one in the afternoon."""
    from agenda import barcamp, placing
    from agenda.models import Period, Slot
    from eventhub.live.log import changing
    from tests import factories

    factories.make_barcamp(event, "board")
    rooms = [factories.make_room(event, f"Raum {n}", position=n) for n in range(1, ROOMS + 1)]
    starts = [now - 20 * MINUTE, now + 40 * MINUTE, now + 100 * MINUTE]
    with changing(event) as log:
        rows = [
            log.add(Period(event=event, starts_at=at, ends_at=at + 45 * MINUTE)) for at in starts
        ]
    for row in rows[:2]:
        for number, room in enumerate(rooms):
            if row is rows[0] or room is not rooms[-1]:
                title = TITLES[number % len(TITLES)]
                card = factories.make_proposal(event, title, host="Ece Beispiel", hands=77)
                barcamp.place(card, room, row.starts_at, row.ends_at)
    for slot in Slot.objects.filter(event=event, room=rooms[0]):
        placing.cancel(slot)
    waiting = {
        title: factories.make_proposal(event, title, host="Nils Vorlage", hands=77).key
        for title in WAITING
    }
    return {
        "cards": waiting,
        "soon": f"{rooms[-1].pk}-{rows[1].pk}",
        "later": f"{rooms[0].pk}-{rows[2].pk}",
        "while_away": f"{rooms[1].pk}-{rows[2].pk}",
        "room": rooms[1].pk,
    }


def _cookies(user: Any) -> dict[str, str]:
    from tests import guests

    return {name: morsel.value for name, morsel in guests.signed_in(user).cookies.items()}


if __name__ == "__main__":
    main()
