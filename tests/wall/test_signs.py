"""Signs of life of screens: cheap while nothing is new, told when something is, then a lease."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.models import Event
from eventhub.live.log import changing
from eventhub.live.topics import registry
from tests import factories, guests
from tests.replay import assert_replay, changes_since, head
from wall import scheduling, signs
from wall.models import Screen, Sign
from wall.signs import Said

pytestmark = pytest.mark.django_db

REST = [("transport", "polling"), ("build", "b2"), ("offset_ms", "4000")]
SAYS = {"scene": "break", "slide": "wall", "width": "1920", "height": "1080", "awake": "1"}


@pytest.fixture
def screen(event: Event) -> Screen:
    guests.refill_buckets()
    return factories.make_screen(event, key="a-key")


def sign_from(**fields: Any) -> Any:
    return sign_of(guests.beamer("a-key"), **fields)


def sign_of(client: Client, **fields: Any) -> Any:
    return client.post("/screen/here", SAYS | fields, headers=guests.JSON)


def drawn(event: Event) -> str:
    return "".join(row.html or "" for row in registry["screens"].window(event.pk, "screens", "en"))


def test_sign_answers_clock_and_build(screen: Screen) -> None:
    before = timezone.now().timestamp() * 1000

    said = sign_from().json()

    assert sorted(said) == ["build", "now"]
    assert before - 1 <= said["now"] <= timezone.now().timestamp() * 1000


def test_first_sign_tells_the_staff(event: Event, screen: Screen) -> None:
    before = head(event)

    sign_from()

    assert changes_since(event, before) == [("sign", screen.key)]
    assert "1920 × 1080" in drawn(event)


def test_sign_with_nothing_new_is_one_update_and_tells_nothing(
    event: Event, screen: Screen
) -> None:
    client = guests.beamer("a-key")
    sign_of(client)
    before = head(event)
    with CaptureQueriesContext(connection) as asked:
        sign_of(client, offset_ms="120")

    assert head(event) == before
    kinds = [query["sql"].split()[0] for query in asked]
    assert [kind for kind in kinds if kind not in {"SELECT", "SAVEPOINT", "RELEASE"}] == ["UPDATE"]


@pytest.mark.each_case
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slide", "hint"),
        ("scene", "talk"),
        ("awake", "0"),
        ("covered", "1"),
        ("width", "1280"),
        *REST,
    ],
)
def test_whatever_is_new_is_told_once(event: Event, screen: Screen, name: str, value: str) -> None:
    sign_from()

    assert_replay(event, lambda: sign_from(**{name: value}), topics=["screens"])

    before = head(event)
    sign_from(**{name: value})
    assert head(event) == before


def test_slide_stands_since_the_screen_first_said_so(event: Event, screen: Screen) -> None:
    at = timezone.now()
    earlier, later = at - timedelta(minutes=9), at - timedelta(minutes=1)
    signs.here(screen, Said(slide="wall", since=earlier))
    signs.here(screen, Said(slide="wall", since=later, awake=True))
    assert Sign.objects.get().since == earlier

    signs.here(screen, Said(slide="hint", since=later))
    assert Sign.objects.get().since == later


@pytest.mark.parametrize("since", [-5, 0, 2_000_000_000_000_000_000])
def test_wrong_clock_of_a_screen_is_no_date_of_ours(screen: Screen, since: int) -> None:
    answer = sign_from(since=str(since))

    assert answer.status_code == (200 if since == 0 else 422)


def test_slide_begun_in_the_future_began_now(screen: Screen) -> None:
    at = timezone.now()

    said = signs.read({"since": str(int(at.timestamp() * 1000) + 90_000)}, at)

    assert said.since == at


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slide", "x" * 21),
        ("slide", "<b>"),
        ("scene", "a\0b"),
        ("width", "-1"),
        ("width", "9" * 30),
        ("height", "1e3"),
        ("offset_ms", "NaN"),
        ("since", "²"),
        ("awake", "yes"),
        ("covered", "2"),
        ("build", "b" * 41),
        ("transport", "so cket"),
    ],
)
def test_garbage_is_refused_and_changes_nothing(screen: Screen, name: str, value: str) -> None:
    answer = sign_from(**{name: value})

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_sign")
    assert Sign.objects.count() == 0


def test_thousand_signs_are_slowed_down_for_this_screen_only(event: Event, screen: Screen) -> None:
    factories.make_screen(event, key="other")
    client = guests.beamer("a-key")

    found = {sign_of(client).status_code for _ in range(60)}

    assert found == {200, 429}
    assert sign_of(guests.beamer("other")).status_code == 200


@pytest.mark.parametrize("key", ["", "no-key", "\0"])
def test_strangers_give_no_sign(screen: Screen, key: str) -> None:
    assert sign_of(guests.beamer(key)).status_code in {400, 404}
    assert Sign.objects.count() == 0


def test_sign_of_a_revoked_screen_says_so(event: Event) -> None:
    factories.make_screen(event, key="gone", revoked_at=timezone.now())

    answer = sign_of(guests.beamer("gone"))

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "signed_off")


def test_sign_needs_the_forms_own_word(screen: Screen) -> None:
    client = guests.browser(checks_csrf=True)
    client.cookies.update(guests.beamer("a-key").cookies)

    assert sign_of(client).status_code == 403


def test_screen_without_a_sign_is_told_gone_once(event: Event, screen: Screen) -> None:
    sign_from()
    late = timezone.now() + signs.LEASE + timedelta(seconds=1)

    assert_replay(event, lambda: scheduling.tell_which_screens_are_gone(late), topics=["screens"])

    assert 'data-alive="no"' in drawn(event)
    before = head(event)
    assert scheduling.tell_which_screens_are_gone(late) == 0
    assert head(event) == before
    sign_from()
    assert 'data-alive="yes"' in drawn(event)


def test_screen_within_its_lease_stays(event: Event, screen: Screen) -> None:
    sign_from()

    assert scheduling.tell_which_screens_are_gone(timezone.now() + signs.LEASE / 2) == 0


def test_revoked_screen_leaves_the_topic(event: Event, screen: Screen) -> None:
    def revoke() -> None:
        with changing(event) as log:
            fresh = log.fresh(screen)
            fresh.revoked_at = timezone.now()
            log.touch(fresh)

    sign_from()
    assert_replay(event, revoke, topics=["screens"])

    assert "data-state-of" not in drawn(event)


def test_queries_of_the_topic_do_not_grow(event: Event, screen: Screen) -> None:
    asked = []
    for more in (0, 2):
        for number in range(more):
            signs.here(factories.make_screen(event, key=f"k{number}"), Said(slide="wall"))
        with CaptureQueriesContext(connection) as queries:
            drawn(event)
        asked.append(len(queries))

    assert asked[0] == asked[1]
