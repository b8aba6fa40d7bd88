"""Furnish a server for the tests of all pages: `python -m tests.browser.furnish`.

Two busy events, one that says du and one that says Sie, a closed one and one that is over, with
words in German only. Prints as JSON what each role's browser carries, and the ids of one row each.
"""

import json
from datetime import datetime, timedelta
from typing import Any

import django

from tests.browser.furnish_programme import furnish_programme

ROLES = ("stranger", "guest", "helper", "moderator", "organizer", "superuser", "screen")
SCREEN_KEY = "beamer-{language}-0123456789"
PASSWORD = "a long password for tests"


def main() -> None:
    django.setup()
    from agenda.models import Event
    from tests import factories

    superuser = factories.make_user("admin", is_staff=True, is_superuser=True)
    known = {
        "du": _event("de", name="Forum Nord", slug="forum-nord", code="NORD26"),
        "sie": _event("de-formal", name="Kammertag", slug="kammertag", code="KAMMER"),
        "closed": _event(
            "de", name="Betriebsfest", slug="betriebsfest", code="BETRAG", closed=True
        ),
        "over": _event("de", name="Vorjahr", slug="vorjahr", code="VERGANGEN"[:8], days=-2),
    }
    for told in known.values():
        event = Event.objects.get(slug=told["slug"])
        told["cookies"] = _cookies(event, superuser)
        told["evidence"] = _evidence(event)
    print(json.dumps(known))


def _event(language: str, *, days: int = 0, **fields: Any) -> dict[str, Any]:
    """An event of two days that began two hours ago (`days` later) with a row of every kind."""
    from django.utils import timezone

    from agenda.models import Event
    from tests import factories
    from wall.models import Rule

    now = timezone.now() + timedelta(days=days)
    event = factories.make_event(
        language=language,
        hashtag="ForumNord",
        place="Speicher 3",
        prompt="Was bleibt hängen?",
        imprint="Forum Nord e. V., Musterweg 1, 20095 Hamburg",
        privacy="Gespeichert wird, was auf die Wand geschrieben wird.",
        contact="+49 40 5550100",
        wifi_name="Speicher Gäste",
        wifi_password="ebbe-und-flut",
        directions="Linie 6 bis Sandtor, dann über die Brücke.\n\nOhne Stufen: Eingang am Kai.",
        first_aid="Am Empfang. Im Notfall zuerst 112.",
        info="Garderobe im Foyer.\n\nWasser steht in jedem Raum.",
        licence=Event.Licence.BY,
        starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(hours=30),
        purge_on=(now + timedelta(days=30)).date(),
        photos=True,
        **fields,
    )
    rows = furnish_programme(event, now) | _posts(event, now)
    rows["wall/rule"] = factories.make_rule(event, Rule.Mode.REVIEW)
    rows["wall/source"] = factories.make_source(event, name="#forumnord")
    rows["wall/screen"] = factories.make_screen(
        event, name="Saal", key=SCREEN_KEY.format(language=fields["slug"])
    )
    _open_door(event, now + timedelta(hours=3))
    proposal = _barcamp(event, rows["guest"], rows["agenda/room"])
    rows["agenda/barcamp"], rows["agenda/period"] = event.barcamp, event.periods.first()
    rows["agenda/proposal"] = proposal
    return {
        "slug": event.slug,
        "code": event.code,
        "language": language,
        "screen_key": SCREEN_KEY.format(language=fields["slug"]),
        "post": rows["wall/post"].key,
        "source": rows["wall/source"].key,
        "screen": rows["wall/screen"].key,
        "shown": event.posts.shown()[:1].get().key,
        "upload": _upload(event),
        "proposal": proposal.key,
        "suggestion": _suggestion(event, proposal),
        "rows": {model: row.pk for model, row in rows.items()} | {"agenda/event": event.pk},
    }


def _barcamp(event: Any, guest: Any, room: Any) -> Any:
    """Guests propose and vote; one card of the guest's own, in each state that is read in words."""
    from agenda import barcamp, proposals, votes
    from agenda.models import Hosting, Period
    from eventhub.live.log import changing
    from tests import factories

    factories.make_barcamp(event, "pitch", hosts_place=True)
    begins = [event.starts_at + timedelta(hours=hours) for hours in (11, 12)]
    with changing(event) as log:
        rows = [
            log.add(Period(event=event, starts_at=at, ends_at=at + timedelta(minutes=45)))
            for at in begins
        ]
    cards = {
        state: factories.make_proposal(event, title, host="Jule", state=state)
        for state, title in (
            ("open", "Ebbe im Etat"),
            ("held", "Kurs halten"),
            ("parked", "Ankerplatz"),
            ("declined", "Gegen den Wind"),
        )
    }
    asked = factories.make_proposal(event, "Deich und Daten", host="Ole Janssen", text="Wer misst?")
    for card in (*cards.values(), asked):
        Hosting.objects.create(attendee=guest, proposal=card)
    votes.vote(event, guest.key, asked.key, on=True)
    placed = factories.make_proposal(event, "Wer zahlt das?", host="Nele")
    barcamp.place(placed, room, rows[0].starts_at, rows[0].ends_at)
    proposals.withdraw(factories.make_proposal(event, "Doch nicht"))
    return asked


def _suggestion(event: Any, proposal: Any) -> str:
    """A grid that waits to be looked at, with a card of each state."""
    from agenda.models import Suggestion
    from tests import factories

    period, room = event.periods.latest("starts_at"), event.rooms.latest("pk")
    card = {
        "key": proposal.key,
        "title": proposal.title,
        "host": proposal.host,
        "room": room.pk,
        "room_name": room.name,
        "order": 1,
        "period": period.pk,
        "starts_at": period.starts_at.isoformat(),
        "ends_at": period.ends_at.isoformat(),
        "row": "11:00–11:45",
        "reasons": ["34 Hände passen in 40 Plätze."],
        "state": "open",
        "said": "",
    }
    stale = {"key": "stale", "state": "refused", "said": "Saal ist um 11:00 inzwischen belegt."}
    content = {
        "cards": [card, card | stale, card | {"key": "placed", "state": "placed"}],
        "left": [{"title": "Zu groß", "why": "Dafür ist nichts mehr frei."}],
        "conflicts": ["11:00: 2 Gäste wollen zu „Deich und Daten“ und zu „Wer zahlt das?“."],
        "language": "de",
        "torn": 2,
        "greedy": 5,
        "bound": 1,
        "wishes": 12,
        "skipped": ["11:30–12:15"],
    }
    by = factories.make_user(f"suggestion-{event.slug}")
    return Suggestion.objects.create(event=event, by=by, state="ready", content=content).key


def _open_door(event: Any, until: datetime) -> None:
    from agenda import helpers

    helpers.open_door(event, task="desk", until=until, by=None)


def _upload(event: Any) -> str:
    """A file that has been read and waits to be confirmed."""
    from agenda.exchange.report import Entry, Report
    from agenda.models import Upload
    from tests import factories

    counts = {"new": 1, "changed": 1, "gone": 1, "kept": 0}
    report = Report("tables", counts={"sessions": counts})
    report.new = [Entry("session", "Strom vom Dach", "2026-10-07 10:00, Saal")]
    report.changed = [Entry("session", "Der lange Tisch", "2026-10-07 11:00")]
    report.gone = [Entry("session", "Frühstück")]
    by = factories.make_user(f"upload-{event.slug}")
    return Upload.objects.create(
        event=event, by=by, name="programm.csv", content=b"x", state="read", report=report.as_json()
    ).key


def _posts(event: Any, now: datetime) -> dict[str, Any]:
    from agenda.models import Membership
    from tests import factories
    from wall import moderation
    from wall.models import Action, Decision

    guest = factories.make_attendee(event, "Jule")
    written: dict[str, Any] = {"written_at": now - timedelta(minutes=5)}
    for number in range(2):
        factories.make_post(event, text=f"Beitrag {number} zum #ForumNord", **written)
    notes = {
        state: factories.make_note(
            event, attendee=guest, text="Der Mittagstisch war ein Gewinn.", state=state, **written
        )
        for state in ("pending", "hidden", "shown")
    }
    _attach_photo(event, notes["pending"], notes["shown"])
    late = factories.make_post(event, text="Zu laut hier.", state="pending", **written)
    moderator = factories.make_moderator(event, f"mira-{event.slug}", first_name="Mira")
    moderation.hide(late, by=moderator)
    return {
        "agenda/membership": Membership.objects.get(user=moderator),
        "agenda/user": moderator,
        "wall/post": notes["pending"],
        "wall/decision": Decision.objects.get(post=late),
        "wall/action": Action.objects.create(
            event=event, by=moderator, verb="block_author", about="@laut@social.example", count=1
        ),
        "auth/group": _group(),
        "guest": guest,
    }


def _attach_photo(event: Any, *notes: Any) -> None:
    from eventhub.live.log import changing
    from tests.wall import pictures
    from wall import photos

    checked = photos.check(pictures.jpeg())
    with changing(event) as log:
        for note in notes:
            photos.attach(log, note, photos.store(checked), alt="Der Saal von hinten")


def _evidence(event: Any) -> str:
    """What the moderator has kept for the organizer, with its photo."""
    from agenda.models import Membership
    from eventhub.live.models import new_key
    from wall import evidence

    post = event.posts.shown().to_draw().get(photo__isnull=False)
    moderator = Membership.objects.get(event=event, role="moderator").user
    kept = evidence.seal(
        post,
        key=new_key(),
        version=post.version,
        kept_for=Membership.objects.get(event=event, role="organizer").user,
        until=evidence.days(event)[1],
        why="Beleidigung",
        by=moderator,
    )
    return kept.key


def _group() -> Any:
    from wall.organizers import ensure_group

    return ensure_group()


def _cookies(event: Any, superuser: Any) -> dict[str, dict[str, str]]:
    """What the browser of each role carries, as if it had come in by its own door."""
    from django.conf import settings

    from agenda.models import Attendee, Membership
    from tests import guests
    from tests.two_events import Hall

    role, hall = Membership.Role, Hall(event)
    moderator = Membership.objects.get(event=event, role=role.MODERATOR).user
    browsers = {
        "stranger": guests.browser(),
        "guest": guests.guest(event, Attendee.objects.get(event=event).key),
        "helper": guests.signed_in(hall.person(role.HELPER, tasks=["desk", "pitch", "stage"])),
        "moderator": guests.signed_in(moderator),
        "organizer": guests.signed_in(hall.person(role.ORGANIZER)),
        "superuser": guests.signed_in(superuser),
        "screen": guests.browser(),
    }
    browsers["screen"].cookies[settings.SCREEN_COOKIE_NAME] = SCREEN_KEY.format(language=event.slug)
    return {
        name: {key: morsel.value for key, morsel in browser.cookies.items()}
        for name, browser in browsers.items()
    }


if __name__ == "__main__":
    main()
