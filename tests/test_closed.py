"""A closed event: strangers find its name, its law and the field for the code, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda import access
from agenda.models import Event
from eventhub.live.topics import Visitor, registry
from tests import factories, guests, two_events
from tests.test_permissions import COOKIE_ONLY, address, doors, forged
from tests.two_events import ROLES, Hall

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough

INSIDE = {
    "guest_of_b",
    "screen_of_b",
    "idle_helper_of_b",
    "stage_helper_of_b",
    "helper_of_b",
    "moderator_of_b",
    "organizer_of_b",
    "superuser",
}
PAGES = ("", "programme/", "info/", "wall/", "beitrag", "qr.svg", "me")


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


def close(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(closed=True)
    event.closed = True


def canaries(hall: Hall) -> list[str]:
    """What anybody may read of an open event, and nobody of a closed one; and what is secret."""
    b = hall.event
    slot = b.slots.get()
    Event.objects.filter(pk=b.pk).update(hashtag="canaryTag", place="canaryPlace", prompt="canaryQ")
    shown = factories.make_post(b, text="canaryShown", author_name="canaryAuthor")
    rows = [slot.session.title, slot.room.name if slot.room else "", shown.key, slot.key, b.code]
    words = ["canaryTag", "canaryPlace", "canaryQ", "canaryShown", "canaryAuthor"]
    return [word for word in rows + words + hall.private + hall.secret if word]


# --- every route and topic x every role


# Whose time is over or account is off is sent away as strangers are, and the guest and the
# organizer of event A stand for all who are at home there: `make sweep` asks the others, too.
ASKED_IN_SWEEP = {"idle_helper_of_a", "expired_helper_of_b", "revoked_helper_of_b", "screen_of_a"}
ASKED_IN_SWEEP |= {"helper_of_a", "moderator_of_a", "deactivated_organizer_of_b"}
STRANGERS = [
    pytest.param(role, marks=pytest.mark.sweep if role in ASKED_IN_SWEEP else ())
    for role in sorted(set(ROLES) - INSIDE)
]


@pytest.mark.parametrize("role", STRANGERS)
def test_stranger_finds_nothing_of_a_closed_event_at_any_address(role: str) -> None:
    a, b = two_events.furnish_two()
    close(b.event)
    words = canaries(b)
    client = ROLES[role](a, b)
    code = "^(?P<code>[A-Za-z2-9]{4,8})$"  # knowing the code is not being a stranger
    found = []

    for route in doors().keys() - {code}:
        where = address(route, b)
        answers = [client.get(where)]
        if not (role in COOKIE_ONLY and route.startswith("admin/")):
            answers.append(client.post(where, forged(b)))
        said = "".join(guests.everything_said(answer) for answer in answers)
        found += [(route, word) for word in words if word in said.replace(where, "")]

    assert found == []


def test_roles_read_a_closed_event_or_meet_the_field_for_the_code() -> None:
    a, b = two_events.furnish_two()
    close(b.event)
    addresses = [f"/{b.event.slug}/{page}" for page in PAGES]
    polled = f"/poll/{b.event.slug}?topics=wall,programme,event"
    wrong: list[tuple[str, str, object]] = []

    for role, enter in ROLES.items():
        client = enter(a, b)
        answers = {where: client.get(where) for where in [*addresses, polled]}
        front = answers[addresses[0]].content.decode()
        for where, answer in answers.items():
            said = answer.status_code, answer["X-Robots-Tag"] if where != polled else "noindex"
            if said != (200 if role in INSIDE else 403, "noindex"):
                wrong.append((role, where, said))
            if where != polled and "no-store" not in answer["Cache-Control"]:
                wrong.append((role, where, "may be stored"))
        if role not in INSIDE:
            words = (f'action="/{b.event.slug}/join"', b.event.name)
            wrong += [(role, word, "is missing") for word in words if word not in front]

    assert wrong == []


def test_entrance_of_sockets_lets_the_same_people_in() -> None:
    a, b = two_events.furnish_two()
    close(b.event)
    entrance, let_in, known = registry.entrance, set(), set()

    for role, enter in ROLES.items():
        cookies = {name: morsel.value for name, morsel in enter(a, b).cookies.items()}
        if entrance.knows(b.event.pk, Visitor(cookies)):
            known.add(role)
        if role in known or entrance.finds(b.event.pk, Visitor(cookies)):
            let_in.add(role)

    assert (entrance.is_closed(a.event.pk), entrance.is_closed(b.event.pk)) == (False, True)
    assert (let_in, known) == (INSIDE, {"guest_of_b"})


def test_open_event_shows_all_of_it_to_strangers() -> None:
    """Proves that the words of these tests are there to be found."""
    _, b = two_events.furnish_two()
    words = set(canaries(b)) - set(b.private) - set(b.secret) - {b.event.code}
    client = guests.browser()

    said = "".join(client.get(f"/{b.event.slug}/{page}").content.decode() for page in PAGES)

    assert {word for word in words if word not in said} == set()


# --- coming in


def test_code_opens_a_closed_event(event: Event) -> None:
    close(event)
    client = guests.browser()

    before = client.get(f"/{event.slug}/")
    answer = client.get(f"/{event.slug}/join", {"code": event.code.lower()}, follow=True)

    assert before.status_code == 403
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, f"/{event.slug}/")


def test_wrong_code_is_said_on_the_page_itself(event: Event) -> None:
    close(event)

    answer = guests.browser().get(f"/{event.slug}/join", {"code": "ZZZZ"})

    page = answer.content.decode()
    assert (answer.status_code, 'role="alert"' in page) == (404, True)
    assert f'action="/{event.slug}/join"' in page


def test_new_code_throws_nobody_out(event: Event) -> None:
    close(event)
    client = guests.browser()
    client.get(f"/{event.code}")

    Event.objects.filter(pk=event.pk).update(code="NEWCODE")

    assert client.get(f"/{event.slug}/").status_code == 200
    assert guests.browser().get(f"/{event.code}").status_code == 404


def test_script_of_a_stranger_is_told_in_its_own_way(event: Event) -> None:
    close(event)
    client = guests.browser()

    answers = [
        client.get(f"/poll/{event.slug}?topics=wall"),
        client.get(f"/{event.slug}/me", headers=guests.JSON),
        guests.post_note(client, event),
    ]

    assert [(a.status_code, a.json()["error"]["code"]) for a in answers] == [(403, "closed")] * 3


@pytest.mark.parametrize("page", ["impressum", "datenschutz"])
def test_law_of_a_closed_event_is_for_everybody(page: str, db: None) -> None:
    event = factories.make_event(
        closed=True, imprint="Ada, Berlin", privacy="We keep little.", hashtag="canaryTag"
    )
    written = {"impressum": "Ada, Berlin", "datenschutz": "We keep little."}[page]

    answers = [guests.browser().get(f"/{event.slug}/{page}"), guests.browser().get(f"/{page}")]

    assert [(a.status_code, written in a.content.decode()) for a in answers] == [(200, True)] * 2
    assert "canaryTag" not in answers[0].content.decode()
    assert [name in answers[1].content.decode() for name in (event.name, event.slug)] == [False] * 2


# --- who learns that it exists


def test_start_lists_no_closed_event_to_strangers(event: Event) -> None:
    closed = factories.make_event(closed=True)
    third = factories.make_event()
    visitors: dict[str, Client] = {
        "stranger": guests.browser(),
        "guest": guests.guest(closed),
        "guest of another": guests.guest(event),
        "moderator": guests.signed_in(factories.make_moderator(closed)),
        "screen": guests.beamer("k" * 22),
    }
    factories.make_screen(closed, key="k" * 22)

    pages = {name: client.get("/").content.decode() for name, client in visitors.items()}

    assert {name: f"/{closed.slug}/" in page for name, page in pages.items()} == {
        "stranger": False,
        "guest": True,
        "guest of another": False,
        "moderator": True,
        "screen": True,
    }
    assert all(f"/{each.slug}/" in page for page in pages.values() for each in (event, third))


@pytest.mark.parametrize("path", ["/", "/screen", "/nowhere/", "/login/", "/impressum"])
def test_page_of_no_event_does_not_name_the_only_event_if_it_is_closed(path: str, db: None) -> None:
    event = factories.make_event(closed=True, slug="staff-day", name="Staff day")

    page = guests.browser().get(path, follow=True).content.decode()

    assert [word in page for word in (event.slug, event.name, event.code)] == [False] * 3


# --- what it costs


def questions(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask()
    return len(asked)


def test_signed_cookie_is_looked_at_before_the_database(event: Event) -> None:
    open_page = questions(lambda: guests.guest(event, "k" * 22).get(f"/{event.slug}/"))
    close(event)
    client = guests.guest(event, "k" * 22)
    client.cookies["session"] = "x" * 32
    client.cookies["screen"] = "y" * 22

    assert questions(lambda: client.get(f"/{event.slug}/")) == open_page


def test_open_event_asks_nothing_to_let_anybody_in(event: Event) -> None:
    cookies = {"session": "x" * 32, "screen": "y" * 22}

    assert questions(lambda: access.may_read(event, cookies)) == 0
    assert questions(lambda: access.readable([event], cookies)) == 0


def test_stranger_without_cookies_costs_no_question(event: Event) -> None:
    close(event)

    assert questions(lambda: access.may_read(event, {})) == 0
