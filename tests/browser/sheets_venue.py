"""Two events whose screens show everything: `python -m tests.browser.sheets_venue` prints JSON.

One is plain, as most events are; of the other everything is as large, long or odd as it may be.
"""

import json
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import django

from tests.sheets_looks import HOSTILE, PLAIN, Look

MINUTE = timedelta(minutes=1)
# Minutes before and after the moment at which the picture is taken.
RUNS, ENDS, GOES_ON = -25, 20, 45


def main() -> None:
    django.setup()
    from django.utils import timezone

    now = timezone.now().replace(second=0, microsecond=0)
    print(json.dumps({look.slug: furnished(look, now) for look in (PLAIN, HOSTILE)}))


def furnished(look: Look, now: datetime) -> dict[str, Any]:
    """The event with its screen; the moments (ms) at which its slides have something to say."""
    from tests import factories

    event = factories.make_event(
        name=look.name,
        slug=look.slug,
        hashtag=look.hashtag,
        place=look.place,
        prompt=look.prompt,
        zone="UTC",
        language=look.language,
        wifi_name=look.wifi[0],
        wifi_password=look.wifi[1],
        imprint="Forum, Musterweg 1",
        privacy="Wir speichern wenig.",
        day_boundary=(now + timedelta(hours=12)).time(),
        starts_at=now - timedelta(hours=6),
        ends_at=now + timedelta(hours=8),
        purge_on=(now + timedelta(days=30)).date(),
    )
    rooms = [
        factories.make_room(event, name, where=look.ways[n % len(look.ways)], position=n)
        for n, name in enumerate(look.rooms)
    ]
    screen = factories.make_screen(event, key=look.slug, name="Saal", room=rooms[0])
    _programme(event, rooms, look, now)
    _barcamp(event, look)
    spotlight = _posts(event, look, now)
    _said_by_hand(event, look, spotlight)
    _placards(event, look)
    return {
        "key": look.slug,
        "screen": screen.key,
        "address": f"/{event.code}",
        "wifi": look.wifi,
        "at": {"now": ms(now), "break": ms(now + (ENDS + 5) * MINUTE)}
        | {"ending": ms(now + (ENDS - 3) * MINUTE), "before": ms(now - timedelta(hours=5))}
        | {"after": ms(now + timedelta(hours=6))},
    }


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _programme(event: Any, rooms: list[Any], look: Look, now: datetime) -> None:
    """In each room one session that runs and one that comes; some moved, some cancelled."""
    from agenda import placing
    from agenda.models import Appearance, Slot
    from eventhub.live.log import changing
    from tests import factories

    speakers = [factories.make_speaker(event, name, organisation=of) for name, of in look.speakers]
    kinds = ("panel", "talk", "workshop", "barcamp")
    slots = []
    for number, room in enumerate(rooms):
        for row, minutes in enumerate(((RUNS, ENDS), (GOES_ON, GOES_ON + 45))):
            title = look.titles[(2 * number + row) % len(look.titles)]
            session = factories.make_session(event, title, kind=kinds[number % 4])
            for at, speaker in enumerate(speakers if number + row == 0 else speakers[:1]):
                Appearance.objects.create(session=session, speaker=speaker, position=at)
            begins, over = (now + m * MINUTE for m in minutes)
            with changing(event) as log:
                slots.append(
                    log.add(
                        Slot(
                            event=event, session=session, room=room, starts_at=begins, ends_at=over
                        )
                    )
                )
    lunch = factories.make_session(event, look.lunch, kind="break")
    noon = now + 120 * MINUTE
    with changing(event) as log:
        log.add(Slot(event=event, session=lunch, starts_at=noon, ends_at=noon + 60 * MINUTE))
    placing.cancel(slots[3])
    moved = slots[5 % len(slots)]
    start, end = moved.starts_at + 5 * MINUTE, moved.ends_at + 5 * MINUTE
    placing.move(moved, room=moved.room, starts_at=start, ends_at=end)


def _barcamp(event: Any, look: Look) -> None:
    from agenda import pitching
    from eventhub.live.log import changing
    from tests import factories

    barcamp = factories.make_barcamp(event, "pitch")
    for title in look.titles[:4]:
        factories.make_proposal(event, title, host=look.speakers[0][0])
    on_stage = event.proposals.order_by("position").first()
    pitching.call_up(event, on_stage)
    pitching.count(on_stage, 34)
    with changing(event) as log:  # its screens follow the programme, not the pitches
        barcamp = log.fresh(barcamp)
        barcamp.phase = "collect"
        log.touch(barcamp)


def _posts(event: Any, look: Look, now: datetime) -> Any:
    from tests import factories

    for network, name, handle, text in reversed(look.posts):
        fields: dict[str, Any] = {
            "author_name": name,
            "author_handle": handle,
            "text": text,
            "written_at": now,
        }
        post = factories.make_post(event, network=network, **fields)
    return post


def _said_by_hand(event: Any, look: Look, spotlight: Any) -> None:
    from eventhub.live.log import changing
    from tests import factories
    from wall import notices, prompts, steps
    from wall.models import Direction

    with changing(event) as log:
        log.add(
            Direction(
                event=event,
                welcome=look.welcome,
                good_night=look.good_night,
                next_stop=look.next_stop,
            )
        )
    for kind in ("mastodon", "bluesky"):
        factories.make_source(event, adapter=kind)
    notices.show(event, look.notice, by=None)
    step = steps.spotlight(spotlight, by=None)
    with changing(event) as log:  # however long the pictures take
        step = log.fresh(step)
        step.until = spotlight.written_at + timedelta(hours=12)
        log.touch(step)
    prompts.ask(event, look.prompt, by=None)


def _placards(event: Any, look: Look) -> None:
    from PIL import Image, ImageDraw

    from eventhub.live.log import changing
    from wall import photos
    from wall.models import Placard

    for number, (title, sponsor, size) in enumerate(look.placards):
        image = Image.new("RGB", size, "#ffffff" if sponsor else "#3d6a8a")
        pen = ImageDraw.Draw(image)
        width, height = size
        pen.rectangle((width // 8, height // 8, width * 7 // 8, height * 7 // 8), "#7a1f3d")
        pen.ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), "#f2c14e")
        picture = BytesIO()
        image.save(picture, "WEBP")
        stored = photos.store(photos.CheckedPhoto(picture.getvalue(), width, height))
        with changing(event) as log:
            log.add(
                Placard(
                    event=event,
                    title=title,
                    sponsor=sponsor,
                    file=stored.key,
                    width=width,
                    height=height,
                    position=number,
                )
            )


if __name__ == "__main__":
    main()
