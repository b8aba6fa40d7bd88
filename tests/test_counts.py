"""A page, and a portion of work, asks the database as often for three rows as for one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda import programme
from agenda.models import Appearance, Attendee, Event, Membership, User
from tests import factories, guests
from tests.at_the_door import enter, key_of, open_door
from tests.replay import head
from tests.two_events import Hall
from wall import ingest, moderation
from wall.demo_organizer import add_organizer
from wall.models import Action, Evidence, Listed, Objection, Post, Prepared, Source
from wall.sources.base import Image

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough

Visit = Callable[[Event, Attendee], tuple[Client, str]]


def screen_key(event: Event) -> str:
    return f"beamer-of-{event.pk}"


def moderator(event: Event) -> Client:
    return guests.signed_in(factories.make_moderator(event))


def helper(event: Event) -> Client:
    return guests.signed_in(enter(event, key_of(open_door(event, "stage"))).user)


def organizer(event: Event) -> Client:
    add_organizer(event, "!")
    return guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))


def oldest(event: Event) -> Post:
    """By an author who has written all the others, too."""
    found = Post.objects.filter(event=event, author__isnull=False).earliest("pk")
    assert isinstance(found, Post)
    return found


PAGES: dict[str, Visit] = {
    "now": lambda e, g: (guests.browser(), f"/{e.slug}/"),
    "wall": lambda e, g: (guests.guest(e, g.key), f"/{e.slug}/wall/"),
    "me": lambda e, g: (guests.guest(e, g.key), f"/{e.slug}/me"),
    "you": lambda e, g: (guests.guest(e, g.key), f"/{e.slug}/you/"),
    "data": lambda e, g: (guests.guest(e, g.key), f"/{e.slug}/you/data.json"),
    "report": lambda e, g: (organizer(e), f"/{e.slug}/home/report.md"),
    "desk": lambda e, g: (moderator(e), f"/{e.slug}/desk/"),
    "log": lambda e, g: (moderator(e), f"/{e.slug}/desk/log"),
    "search": lambda e, g: (moderator(e), f"/{e.slug}/desk/search"),
    "search tag": lambda e, g: (moderator(e), f"/{e.slug}/desk/search?tag=event"),
    "one post": lambda e, g: (moderator(e), f"/{e.slug}/desk/posts/{oldest(e).key}/"),
    "decline": lambda e, g: (
        moderator(e),
        f"/{e.slug}/desk/decline?post={oldest(e).key}&by=author",
    ),
    "queue": lambda e, g: (moderator(e), f"/{e.slug}/desk/queue"),
    "house": lambda e, g: (moderator(e), f"/{e.slug}/desk/house/"),
    "objections": lambda e, g: (moderator(e), f"/{e.slug}/desk/objections/"),
    "evidence": lambda e, g: (moderator(e), f"/{e.slug}/desk/evidence/"),
    "keep evidence": lambda e, g: (
        moderator(e),
        f"/{e.slug}/desk/posts/{oldest(e).key}/evidence",
    ),
    "rules": lambda e, g: (organizer(e), f"/{e.slug}/home/rules/"),
    "screen": lambda e, g: (guests.beamer(screen_key(e)), "/screen"),
    "poll programme": lambda e, g: (guests.browser(), f"/poll/{e.slug}?topics=programme"),
    "poll wall": lambda e, g: (guests.browser(), f"/poll/{e.slug}?topics=wall"),
    "poll wall since": lambda e, g: (guests.browser(), f"/poll/{e.slug}?topics=wall&cursor=0.0"),
    "poll mine": lambda e, g: (guests.guest(e, g.key), f"/poll/{e.slug}?topics=mine"),
    "poll desk": lambda e, g: (moderator(e), f"/poll/{e.slug}?topics=desk"),
    "poll desk since": lambda e, g: (moderator(e), f"/poll/{e.slug}?topics=desk&cursor=0.0"),
    "home": lambda e, g: (organizer(e), f"/{e.slug}/home/"),
    "numbers": lambda e, g: (organizer(e), f"/{e.slug}/home/numbers"),
    "grid": lambda e, g: (organizer(e), f"/{e.slug}/home/programme/?day=2026-10-07"),
    "poll grid": lambda e, g: (organizer(e), f"/poll/{e.slug}?topics=grid,tray"),
    "door": lambda e, g: (organizer(e), f"/{e.slug}/home/doors/desk"),
    "helper": lambda e, g: (helper(e), f"/{e.slug}/helper/"),
    "poll home": lambda e, g: (organizer(e), f"/poll/{e.slug}?topics=home,doors"),
    "poll screen": lambda e, g: (
        guests.beamer(screen_key(e)),
        f"/poll/{e.slug}?topics=screen,programme",
    ),
}


def of_admin(model: str) -> Visit:
    return lambda event, _: (organizer(event), f"/admin/{model}/")


AGENDA = ["room", "track", "speaker", "session", "slot", "membership"]
WALL = ["source", "post", "screen", "decision"]
PAGES |= {f"admin {name}": of_admin(f"agenda/{name}") for name in AGENDA}
PAGES |= {f"admin {name}": of_admin(f"wall/{name}") for name in WALL}


def furnish(event: Event, rows: int) -> Attendee:
    """`rows` of everything that a list can show, each with parts of its own."""
    factories.make_rule(event)
    factories.make_screen(event, key=screen_key(event))
    mira = factories.make_attendee(event, "Mira")
    ada = factories.make_author(event)
    factories.make_post(event, author=ada)
    for number in range(rows):
        room = factories.make_room(event)
        track, speaker = factories.make_track(event), factories.make_speaker(event)
        session = factories.make_session(event, track=track)
        Appearance.objects.create(session=session, speaker=speaker)
        factories.make_slot(event, session=session, room=room, start=f"1{number}:00")
        waiting = factories.make_session(event)
        Appearance.objects.create(session=waiting, speaker=speaker)
        if number:
            factories.make_screen(event)
        factories.make_source(event, name=f"#tag{number}")
        by = factories.make_moderator(event)
        enter(event, key_of(open_door(event)), f"Helper {number}")
        for state in Post.State.values:
            factories.make_note(event, attendee=mira, state=state)
            factories.make_note(event, state=state)
            factories.make_post(event, state=state)
            moderation.hide(factories.make_post(event), by=by)
            keep_watch(event, factories.make_post(event, author=ada, state=state), by)
    return mira


def keep_watch(event: Event, post: Post, by: User) -> None:
    """What keepers have of `post`, a row of each kind."""
    what = event.slug + post.key
    factories.make_picture(post)
    Objection.objects.create(event=event, post=post, decided_by=by)
    Prepared.objects.create(event=event, text=what, by=by)
    Listed.objects.create(event=event, what="word", written=what, folded=what, by=by)
    Action.objects.create(event=event, by=by, verb="block_author", about=what, undone_by=by)
    until = date(2099, 1, 1)
    Evidence.objects.create(event=event, kept_for=by, by=by, delete_on=until)


def queries(page: str, event: Event, guest: Attendee) -> int:
    client, where = PAGES[page](event, guest)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(where)
    assert answer.status_code == 200, page
    return len(captured)


def test_pages_ask_as_often_for_three_rows_as_for_one() -> None:
    small, large = factories.make_event(), factories.make_event()
    few, many = furnish(small, 1), furnish(large, 3)

    asked = {page: (queries(page, small, few), queries(page, large, many)) for page in PAGES}

    assert {page: counts for page, counts in asked.items() if counts[0] != counts[1]} == {}


def test_start_asks_as_often_for_four_events_as_for_two(db: None) -> None:
    counts = []
    for _ in range(2):
        for _ in range(2):
            factories.make_event(purge_on=date(2099, 1, 1))
        with CaptureQueriesContext(connection) as captured:
            guests.browser().get("/")
        counts.append(len(captured))

    assert counts[0] == counts[1]


def questions(act: Callable[[], object]) -> int:
    """How often `act` reads; each row that it writes is a statement of its own."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(query["sql"].startswith("SELECT") for query in captured)


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_taking_asks_as_often_for_three_items_as_for_one(db: None, known: bool) -> None:
    counts = []
    for rows in (1, 3):
        source = factories.make_source(factories.make_event())
        batch = factories.make_batch(*(factories.make_incoming() for _ in range(rows)))
        if known:
            ingest.take(source, batch)
        source = Source.objects.get(pk=source.pk)
        counts.append(questions(partial(ingest.take, source, batch)))
        assert Post.objects.filter(source=source).count() == rows

    assert counts[0] == counts[1]


def test_pictures_of_edited_posts_are_asked_for_together(db: None) -> None:
    counts = []
    for rows in (1, 3):
        source = factories.make_source(factories.make_event())
        images = [Image(f"https://files.example/{number}.png") for number in range(rows)]
        items = [factories.make_incoming(pictures=(image,)) for image in images]
        ingest.take(source, factories.make_batch(*items))
        edited = [replace(one, text=f"{one.text} anew", pictures=()) for one in items]
        with CaptureQueriesContext(connection) as captured:
            ingest.take(Source.objects.get(pk=source.pk), factories.make_batch(*edited))
        asked = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
        counts.append(sum('FROM "wall_picture"' in sql for sql in asked))
        assert Post.objects.filter(source=source, text__endswith="anew").count() == rows

    assert counts[0] == counts[1]


def test_telling_of_slots_asks_as_often_for_three_as_for_one(db: None) -> None:
    counts = []
    for rows in (1, 3):
        event = factories.make_event()
        slots = [factories.make_slot(event) for _ in range(rows)]
        before = head(event)
        counts.append(questions(partial(programme.describe_anew, event, slots)))
        assert head(event) == before + rows

    assert counts[0] == counts[1]


def test_row_that_asks_for_itself_would_be_counted(event: Event) -> None:
    """The count above is one of queries, not of pages that happen to be empty."""
    for _ in range(3):
        factories.make_slot(event)

    with CaptureQueriesContext(connection) as captured:
        titles = [slot.session.title for slot in event.slots.all()]

    assert (len(titles), len(captured)) == (3, 4)
