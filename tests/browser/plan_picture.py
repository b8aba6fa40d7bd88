"""What the database holds of the barcamp in `forum-nord`: `python -m ...`. Prints JSON."""

import json

import django


def main() -> None:
    django.setup()
    from agenda.models import Proposal, Slot
    from eventhub.live.check_log import check

    slots: dict[int, list[Slot]] = {}
    for slot in Slot.objects.exclude(session__proposal=None).select_related("session__proposal"):
        slots.setdefault(slot.session.proposal.pk, []).append(slot)
    states, shown = {}, []
    event = 0
    for card in Proposal.objects.filter(event__slug="forum-nord"):
        event, states[card.key] = card.event_id, card.state
        places = [
            {
                "card": card.key,
                "slot": slot.key,
                "place": f"{slot.room_id} {round(slot.starts_at.timestamp() * 1000)}",
                "cancelled": slot.cancelled,
            }
            for slot in slots.get(card.pk, [])
        ]
        waits = {"card": card.key, "slot": "", "place": card.state, "cancelled": False}
        if places or card.state in Proposal.LIVING:
            shown += places or [waits]
    print(json.dumps({"states": states, "shown": shown, "log": check(event)}))


if __name__ == "__main__":
    main()
