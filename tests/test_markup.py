"""Markup that people write is text on every page: phone, desk, screen, stream and admin."""

from functools import cache
from html.parser import HTMLParser

import pytest

from agenda.models import Appearance, Membership
from eventhub.live.models import new_key
from tests import factories, guests
from tests.at_the_door import enter, key_of, open_door
from tests.two_events import Hall
from wall import moderation
from wall.demo_organizer import add_organizer
from wall.models import Post, Source

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough

# Each breaks out of several places at once, and is short enough for a room's name.
MARKUP = [
    "'><svg/onload=alert(1)></textarea><script>alert(1)</script>",
    '"></title></script><base href=//x><img src=x onerror=a()>',
    "<!--<style>*{}</style>{{7*7}}{% now 'Y' %}",
    'javascript:a()//" onclick="&lt;b>&#60;b&#62;<b hx-get=/x>',
]


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and every address in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        links = {"href", "src", "action", "formaction", "data"}
        self.addresses += [value or "" for name, value in attrs if name in links]


@cache  # what is kept has no row of the database in it
def pages_of(words: str) -> dict[str, Skeleton]:
    """Every page and fragment that shows words of people, with `words` in each of their fields."""
    event = factories.make_event(
        name=words,
        place=words,
        prompt=words,
        contact=words,
        imprint=words,
        wifi_name=words[:60],
        wifi_password=words[:80],
        directions=words,
        first_aid=words,
        info=words,
    )
    room = factories.make_room(event, words[:60], where=words)
    track = factories.make_track(event, words, colour="#00594a")
    session = factories.make_session(
        event,
        words,
        subtitle=words,
        track=track,
        host=words,
        abstract=words,
        description=f"{words} {words}",
        language=words[:10],
        hashtag=words[:60],
        links=[{"title": words, "url": words}],
    )
    speaker = factories.make_speaker(event, words, organisation=words, bio=words, link=words)
    Appearance.objects.create(session=session, speaker=speaker)
    factories.make_slot(event, session=session, room=room)
    key = new_key()
    attendee = factories.make_attendee(event, words)
    for state in Post.State.values:
        factories.make_note(event, attendee=attendee, text=words, state=state)
        url = f"javascript:{words}"
        factories.make_post(
            event, state=state, text=words, author_name=words, author_handle=words, url=url
        )
    factories.make_source(event, name=words, error=words, state=Source.State.FAILING)
    factories.make_screen(event, key=key, name=words)
    add_organizer(event, "!")
    moderator = factories.make_moderator(event, first_name=words)
    moderation.hide(Post.objects.filter(event=event).earliest("pk"), by=moderator)

    helper = enter(event, key_of(open_door(event)), words).user

    guest = guests.guest(event, attendee.key)
    staff = guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))
    post, slug = Post.objects.filter(event=event).first(), event.slug
    assert post is not None
    asked = {
        "now": guest.get(f"/{slug}/"),
        "programme": guest.get(f"/{slug}/programme/"),
        "by room": guest.get(f"/{slug}/programme/?by=room"),
        "by track": guest.get(f"/{slug}/programme/?by=track"),
        "found": guest.get(f"/{slug}/programme/", {"q": words}),
        "session": guest.get(f"/{slug}/session/{session.pk}/"),
        "info": guest.get(f"/{slug}/info/"),
        "wall": guest.get(f"/{slug}/wall/"),
        "imprint": guest.get(f"/{slug}/impressum"),
        "refused": guest.post(f"/{slug}/notes", guests.note(words * 300), headers=guests.HTML),
        "screen": guests.beamer(key).get("/screen"),
        "desk": guests.signed_in(moderator).get(f"/{slug}/desk/"),
        "home": staff.get(f"/{slug}/home/"),
        "door": staff.get(f"/{slug}/home/doors/desk"),
        "helper": guests.signed_in(helper).get(f"/{slug}/helper/"),
        "not let in": guest.post(f"/{slug}/help", {"key": words, "name": words}),
        "posts": staff.get(f"/admin/wall/post/?event={event.pk}"),
        "post": staff.get(f"/admin/wall/post/{post.pk}/change/"),
        "delete": staff.get(f"/admin/wall/post/{post.pk}/delete/"),
        "history": staff.get(f"/admin/wall/post/{post.pk}/history/"),
        "sources": staff.get("/admin/wall/source/"),
        "slots": staff.get("/admin/agenda/slot/"),
        "slot": staff.get("/admin/agenda/slot/add/"),
        "event": staff.get(f"/admin/agenda/event/{event.pk}/change/"),
    }
    html = {name: answer.content.decode() for name, answer in asked.items()}
    polled = guest.get(f"/poll/{slug}?topics=wall,programme,mine").json()
    html["fragments"] = "".join(item["html"] for item in polled["items"])
    return {name: Skeleton(text) for name, text in html.items()}


@pytest.mark.parametrize("words", MARKUP)
def test_markup_in_any_field_adds_no_element_and_no_attribute(words: str) -> None:
    plain, strange = pages_of("x"), pages_of(words)

    assert {name: page.elements for name, page in strange.items()} == {
        name: page.elements for name, page in plain.items()
    }
    assert [
        target
        for page in strange.values()
        for target in page.addresses
        if not target.startswith(("/", "#", "?", "."))
    ] == []


@pytest.mark.parametrize("words", [*MARKUP[:2], MARKUP[3]])
def test_markup_that_is_not_escaped_would_be_seen(words: str) -> None:
    assert Skeleton(f'<b title="{words}">{words}').elements != Skeleton('<b title="x">x').elements
