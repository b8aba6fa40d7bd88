"""Set up a barcamp written by attackers: `python -m tests.browser.hostile_venue` prints JSON."""

import json
from datetime import timedelta
from typing import Any

import django

# Each would set `window.hurt`, leave the page, or break out of where it stands.
ATTACKS = (
    '<img src=x onerror="window.hurt=1">',
    "<script>window.hurt=1</script>",
    "\"'><svg onload=window.hurt=1>",
    "{{ 7|add:7 }}{% now 'Y' %}${window.hurt=1}",
    "</textarea></template></title><iframe srcdoc='<script>parent.hurt=1</script>'>",
    '<a href="javascript:window.hurt=1" autofocus onfocus=window.hurt=1>x</a>',
    "\u202e<b>&lt;img src=x onerror=window.hurt=1&gt;</b>",
)
ANOTHER = '<img src=x onerror="window.hurt=2"> corrected'


def main() -> None:
    django.setup()
    from django.utils import timezone

    from agenda import pitching
    from agenda.models import Hosting, Membership, Proposal, Suggestion
    from agenda.stars import put
    from eventhub.live.models import new_key
    from tests import factories, guests

    now = timezone.now().replace(second=0, microsecond=0)
    event = factories.make_event(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=9), language="en"
    )
    factories.make_barcamp(event, "pitch", hands_public=True)
    guest = factories.make_attendee(event)
    rows = _rows(event, now)
    for attack in ATTACKS:
        _cards(event, attack, rows)
    Hosting.objects.bulk_create(
        Hosting(attendee=guest, proposal=card) for card in Proposal.objects.filter(event=event)
    )
    placed = Proposal.objects.filter(event=event).exclude(session=None)
    for card in placed:
        put(event, guest.key, card.session_id or 0, on=True)
    waiting = Proposal.objects.filter(event=event, session=None, state="open").first()
    assert waiting is not None
    pitching.call_up(event, waiting)
    organizer = factories.make_user()
    Membership.objects.create(user=organizer, event=event, role="organizer")
    suggestion = Suggestion.objects.create(
        event=event, by=organizer, state="ready", content=_suggested(waiting, rows[0])
    )
    key = new_key()
    factories.make_screen(event, key=key)
    cookies = {**guests.signed_in(organizer).cookies, **guests.guest(event, guest.key).cookies}
    print(
        json.dumps(
            {
                "slug": event.slug,
                "cookies": {name: morsel.value for name, morsel in cookies.items()},
                "screen": {
                    name: morsel.value for name, morsel in guests.beamer(key).cookies.items()
                },
                "card": waiting.key,
                "session": placed.first().session_id,  # type: ignore[union-attr]
                "suggestion": suggestion.key,
            }
        )
    )


def _rows(event: Any, now: Any) -> list[Any]:
    from agenda.models import Period
    from eventhub.live.log import changing

    starts = [now + timedelta(minutes=minutes) for minutes in (-10, 50)]
    with changing(event) as log:
        return [
            log.add(Period(event=event, starts_at=at, ends_at=at + timedelta(minutes=45)))
            for at in starts
        ]


def _cards(event: Any, attack: str, rows: list[Any]) -> None:
    """One that waits, one that is held, one placed, one in two places, one cancelled."""
    from agenda import barcamp, placing
    from tests import factories

    words = {"text": attack, "host": attack, "needs": attack, "hands": 7}
    for state in ("open", "parked", "held"):
        factories.make_proposal(event, attack, state=state, **words)
    room = factories.make_room(event, attack[:60])
    card = factories.make_proposal(event, attack, **words)
    for row in rows:
        slot = barcamp.place(card, room, row.starts_at, row.ends_at, again=True)
    placing.cancel(slot)


def _suggested(card: Any, row: Any) -> dict[str, Any]:
    """What the solver would have stored of these titles."""
    room = card.event.rooms.first()
    one = {
        "key": card.key,
        "title": card.title,
        "host": card.host,
        "room": room.pk,
        "room_name": room.name,
        "order": 1,
        "period": row.pk,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "row": "11:00–11:45",
        "reasons": [card.title],
        "state": "open",
        "said": "",
    }
    return {
        "cards": [one, one | {"key": "stale", "state": "refused", "said": card.title}],
        "left": [{"title": attack, "why": attack} for attack in ATTACKS],
        "conflicts": list(ATTACKS),
        "torn": 2,
        "greedy": 5,
        "bound": 1,
        "wishes": 12,
        "skipped": [],
    }


if __name__ == "__main__":
    main()
