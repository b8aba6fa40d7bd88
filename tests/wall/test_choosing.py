"""A keeper looks at part of the queue: of one reason, one network, to one session."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.models import Event, User
from tests import factories, guests
from tests.factories import make_event, make_moderator, make_post, make_session
from wall import presence, waiting
from wall.models import Post
from wall.waiting import NONE, WINDOW, Only

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira(event: Event) -> User:
    guests.refill_buckets()
    return make_moderator(event, first_name="Mira")


@pytest.fixture
def desk(mira: User) -> Client:
    return guests.signed_in(mira)


def pending(event: Event, **fields: Any) -> Post:
    return make_post(event, state="pending", **fields)


def ask(client: Client, event: Event, what: str, **fields: object) -> dict[str, Any]:
    answer = client.post(f"/{event.slug}/desk/{what}", fields, headers=guests.JSON)
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


def refill(client: Client, event: Event, query: str) -> dict[str, Any]:
    said: dict[str, Any] = client.get(
        f"/{event.slug}/desk/queue?{query}", headers=guests.JSON
    ).json()
    return said


def test_next_is_the_oldest_of_what_is_chosen(event: Event, mira: User) -> None:
    pending(event, reason="link")
    word = pending(event, reason="word")
    clean = pending(event, reason="", network="feed")

    given = [
        presence.next_post(event, mira, only=only)
        for only in (Only(reason="word"), Only(reason=NONE), Only(network="feed"))
    ]

    assert given == [word, clean, clean]
    assert presence.next_post(event, mira, only=Only(reason="word", network="feed")) is None


def test_next_after_an_answer_respects_what_is_chosen(event: Event, desk: Client) -> None:
    first, _other, second = (pending(event, reason=reason) for reason in ("link", "word", "link"))
    form = {"version": first.version, "next": 1, "only_reason": "link"}

    said = ask(desk, event, f"posts/{first.key}/show", **form)

    assert said["next"]["key"] == second.key


def test_passing_over_stays_within_what_is_chosen(event: Event, desk: Client) -> None:
    first, _other, second = (pending(event, reason=reason) for reason in ("link", "word", "link"))

    given = [
        ask(desk, event, "next", after=post.key, only_reason="link")["next"]["key"]
        for post in (first, second)
    ]

    assert given == [second.key, first.key]


def test_what_is_chosen_is_filled_from_beyond_the_window(event: Event, desk: Client) -> None:
    for _ in range(WINDOW):
        pending(event, reason="word")
    wanted = [pending(event, reason="link") for _ in range(3)]

    said = refill(desk, event, "from=0&only_reason=link")

    assert [item["key"] for item in said["items"]] == [post.key for post in wanted]
    assert (said["count"], said["chosen"]) == (WINDOW + 3, 3)


def test_choices_are_told_in_words_and_counted(event: Event, desk: Client) -> None:
    session = make_session(event, title="Opening")
    pending(event, reason="link", session=session)
    pending(event, reason="link")
    pending(event, reason="", network="mastodon")
    pending(make_event(), reason="photo")

    found = waiting.choices(event, Only(reason="word"))

    assert [(one.value, one.count, one.chosen) for one in found["reason"]] == [
        ("word", 0, True),
        ("link", 2, False),
        (NONE, 1, False),
    ]
    assert [(one.label, one.count) for one in found["session"]] == [("Opening", 1)]
    assert "Opening (1)" in refill(desk, event, "from=0")["choices"]
    assert "Opening (1)" in ask(desk, event, "here", post="")["choices"]


def test_session_of_which_nothing_waits_stays_chosen(event: Event) -> None:
    session, other = make_session(event, title="Opening"), make_session(make_event())

    assert [one.label for one in waiting.choices(event, Only(session=session.pk))["session"]] == [
        "Opening"
    ]
    assert waiting.choices(event, Only(session=other.pk))["session"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        "only_reason=nonsense",
        "only_network=" + "x" * 99,
        "only_session=²",
        "only_session=" + "9" * 30,
    ],
    ids=["reason", "network", "digit", "number"],
)
def test_nonsense_chooses_nothing(event: Event, desk: Client, wrong: str) -> None:
    post = pending(event, reason="link")

    said = refill(desk, event, f"from=0&{wrong}")

    assert [item["key"] for item in said["items"]] == [post.key]


def test_session_of_another_event_has_no_posts_here(event: Event, desk: Client) -> None:
    other = make_event()
    session = make_session(other)
    pending(other, session=session, text="canary")
    pending(event)

    said = refill(desk, event, f"from=0&only_session={session.pk}")

    assert (said["items"], said["chosen"], said["count"]) == ([], 0, 1)


def test_asking_is_as_often_for_three_as_for_one(event: Event, desk: Client) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            session = make_session(event)
            pending(event, reason="link", session=session)
            pending(event, reason="word", session=session)
        factories.make_post(event)
        with CaptureQueriesContext(connection) as captured:
            refill(desk, event, "from=0&only_reason=link")
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_desk_without_scripts_searches_for_the_same(event: Event, desk: Client) -> None:
    post = pending(event, reason="link")
    pending(event, reason="word")

    page = desk.get(f"/{event.slug}/desk/search?state=pending&reason=link").content.decode()

    assert f'data-key="{post.key}"' in page
    assert page.count('data-state="pending"') == 1
