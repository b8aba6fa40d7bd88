"""A row that cannot be drawn is left out alone: told once, shown to nobody, in nobody's way."""

import logging
from datetime import UTC, datetime

import pytest

from agenda.models import Event
from eventhub.health import Health
from eventhub.live import fragments, reading
from eventhub.live.answers import Job, payloads_of
from eventhub.live.groups import Group
from eventhub.live.hub import Hub
from eventhub.live.log import changing
from eventhub.live.reading import START, Cursor, Frame
from eventhub.live.topics import Rendered
from tests import guests
from tests.factories import make_moderator, make_post, make_screen
from tests.live.sockets import Tab, aside, signed_in, until
from tests.replay import assert_replay, keys, wire
from wall.models import Post

# In Berlin it is the year 10000: no calendar of Python's goes that far.
NEVER = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_told() -> None:
    fragments._told.clear()
    fragments.undrawn.clear()


def spoil(post: Post) -> None:
    with changing(post.event_id) as log:
        fresh = log.fresh(post)
        fresh.written_at = NEVER
        log.touch(fresh)


@pytest.mark.django_db(transaction=True)
async def test_everybody_hears_what_comes_beside_it(hub: Hub, event: Event) -> None:
    cookies = await aside(hub, lambda: signed_in(make_moderator(event)))
    phone = Tab(hub, event, {"shared": ["wall", "programme"]})
    desk = Tab(hub, event, {"shared": ["desk"]}, cookies=cookies)
    for tab in (phone, desk):
        await tab.open()

    def together() -> Post:
        with changing(event):
            make_post(event, written_at=NEVER)
            return make_post(event)

    sound = await aside(hub, together)
    later = await aside(hub, make_post, event)

    await until(lambda: phone.read() or len(phone.keys()) == 2)
    await until(lambda: desk.read() or len(desk.keys("desk")) == 2)
    assert [phone.keys(), desk.keys("desk")] == [[sound.key, later.key]] * 2
    assert hub.connections == {phone.connection, desk.connection}


@pytest.mark.django_db
def test_what_stood_there_before_is_taken_away(event: Event) -> None:
    first, second = make_post(event), make_post(event)

    assert_replay(event, lambda: spoil(second))

    assert keys(event) == [first.key]
    answer = reading.catch_up(event.pk, ["wall"], "de", START)
    assert isinstance(answer, Frame)
    assert [(item.key, item.version, item.html is None) for item in answer.items] == [
        (first.key, 1, False),
        (second.key, 3, True),
    ]


@pytest.mark.django_db
def test_row_that_can_be_drawn_again_comes_back(event: Event) -> None:
    post = make_post(event)
    written_at = post.written_at
    spoil(post)

    def mend() -> None:
        with changing(event) as log:
            fresh = log.fresh(post)
            fresh.written_at = written_at
            log.touch(fresh)

    assert_replay(event, mend)
    assert keys(event) == [post.key]


@pytest.mark.django_db
def test_it_is_told_once_and_counted(event: Event, caplog: pytest.LogCaptureFixture) -> None:
    post = make_post(event, written_at=NEVER, text="Nobody's business")
    with caplog.at_level(logging.ERROR):
        for language in ("de", "en", "de"):
            reading.window(event.pk, ["wall"], language)
        reading.window(event.pk, ["desk"], "de")

    told = [vars(record) for record in caplog.records]
    assert [(each["topic"], each["kind"], each["row"], each["error"]) for each in told] == [
        ("wall", "post", post.pk, "OverflowError"),
        ("desk", "post", post.pk, "OverflowError"),
    ]
    assert "Nobody's business" not in str(told)
    counted = Health(Hub()).metrics()
    assert 'eventhub_undrawn_rows_total{topic="wall"} 1.0' in counted


@pytest.mark.django_db
def test_pages_are_drawn_without_it(event: Event) -> None:
    sound, broken = make_post(event), make_post(event, written_at=NEVER)
    make_screen(event, key="k" * 22)
    pages = {
        "wall": guests.browser().get(f"/{event.slug}/wall/"),
        "screen": guests.beamer("k" * 22).get("/screen"),
        "desk": guests.signed_in(make_moderator(event)).get(f"/{event.slug}/desk/"),
    }

    found = {
        name: [post.key in page.content.decode() for post in (sound, broken)]
        for name, page in pages.items()
    }
    assert found == {name: [True, False] for name in pages}


@pytest.mark.django_db
def test_without_the_guard_one_row_stops_all_frames(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the tests above would see if a row were drawn in the open."""

    def in_the_open(topic: str, row: Post, draw: object) -> Rendered:
        return draw(row)  # type: ignore[operator,no-any-return]

    make_post(event, written_at=NEVER)
    make_post(event)
    end = reading.position(event.pk)
    pointers = reading.changes_after(event.pk, 0)
    job = Job(Group(frozenset({"wall"}), "de", Cursor(0)), pointers, end, whole=False)
    assert len(payloads_of(event.pk, [job])) == 1

    monkeypatch.setattr(fragments, "drawn", in_the_open)

    with pytest.raises(OverflowError):
        payloads_of(event.pk, [job])
    with pytest.raises(OverflowError):
        wire(reading.window(event.pk, ["wall"], "de"))
