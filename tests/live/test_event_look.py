"""A change of the event itself: whatever is drawn of it looks new on every open page, at once."""

import msgspec
import pytest
from pytest_django import DjangoAssertNumQueries

from agenda import programme
from agenda.models import Event
from eventhub.live import reading
from eventhub.live.hub import Hub
from eventhub.live.log import changing
from eventhub.live.reading import Frame, Item
from tests.factories import (
    make_attendee,
    make_event,
    make_moderator,
    make_note,
    make_post,
    make_rule,
    make_screen,
    make_slot,
    make_source,
)
from tests.live.sockets import Tab, aside, guest_cookies, reach, signed_in, until
from tests.replay import assert_up_to_date, follow, head, page, wire
from tests.replica import Fetch, Replica
from wall import moderation, presence, steps
from wall.models import Post, Step

TOPICS = ["desk", "event", "programme", "screen", "wall"]


def move(event: Event, zone: str = "Asia/Tokyo") -> int:
    """Every time of day on every page is another now. The number of that change."""
    Event.objects.filter(pk=event.pk).update(zone=zone, hashtag=f"in{zone[:4]}")
    programme.event_changed(event)
    return head(event)


def frame(event: Event, start: int, upto: int, names: list[str]) -> Frame:
    """As a hub makes it that read these pointers a moment ago: the rows are those of now."""
    pointers = [p for p in reading.changes_after(event.pk, start) if p.seq <= upto]
    items = reading.render(event.pk, names, pointers, "de")
    return Frame("frame", "shared", start, str(pointers[-1].cursor), items)


def of_posts(answer: Frame, post: Post) -> list[tuple[int, bool, bool]]:
    """(version, only drawn again, still shown) of each item about `post` on the wall."""
    return [
        (item.version, item.redraw, item.html is not None)
        for item in answer.items
        if item.key == post.key
    ]


def standing_at(event: Event, seq: int, names: list[str]) -> Replica:
    """A page that stands at `seq`, with what was to be seen then."""
    replica = page(event, names)
    assert head(event) == seq
    return replica


@pytest.mark.django_db
def test_every_row_is_drawn_again_at_the_number_of_the_change(event: Event) -> None:
    for _ in range(3):
        make_post(event)
        make_slot(event)
    before = page(event, TOPICS)

    seq = move(event)
    answer = frame(event, seq - 1, seq, TOPICS)

    assert {(item.version, item.html is None) for item in answer.items} == {(seq, False)}
    again = dict.fromkeys(TOPICS, 0)
    for item in answer.items:
        again[item.topic] += item.redraw
    assert again == {"desk": 5, "event": 0, "programme": 3, "screen": 2, "wall": 3}
    before.receive(wire(answer))
    assert_up_to_date(event, before, TOPICS)


@pytest.mark.django_db
def test_page_that_does_without_a_row_still_does(event: Event) -> None:
    """Its list is shorter, or another day's: a new look brings nothing onto it."""
    post = make_post(event)
    phone = page(event, ["wall"])
    phone.groups["shared"].known.clear()

    move(event)
    follow(event, phone, ["wall"])

    assert phone.topic("wall") == {}
    other = make_post(event)
    follow(event, phone, ["wall"])
    assert list(phone.topic("wall")) == [other.key] != [post.key]


@pytest.mark.django_db
def test_what_is_new_in_the_same_frame_is_not_only_drawn_again(event: Event) -> None:
    phone = page(event, ["wall"])
    post = make_post(event)
    move(event)

    follow(event, phone, ["wall"])

    assert_up_to_date(event, phone, ["wall"])
    assert list(phone.topic("wall")) == [post.key]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", [1, 2, 3])
def test_frame_that_begins_before_the_page_brings_the_new_look_as_well(
    event: Event, cursor: int
) -> None:
    """A group's frame begins where the group stood; who has just joined stands further on."""
    pages = [standing_at(event, 0, ["wall"])]
    for number in range(3):
        make_post(event)
        pages.append(standing_at(event, number + 1, ["wall"]))
    seq = move(event)

    pages[cursor].receive(wire(frame(event, 1, seq, ["wall"])))

    assert_up_to_date(event, pages[cursor], ["wall"])


@pytest.mark.django_db
def test_row_that_is_newer_is_left_to_its_own_change(event: Event) -> None:
    """Read a moment late: hidden and shown again since, as no page has been told yet."""
    post, other = make_post(event), make_post(event)
    moderation.hide(post, by=None)
    phone = page(event, ["wall"])
    seq = move(event)
    moderation.show(post, by=None)

    first, rest = frame(event, seq - 1, seq, ["wall"]), frame(event, seq, seq + 1, ["wall"])

    assert (of_posts(first, post), of_posts(first, other)) == ([], [(seq, True, True)])
    phone.receive(wire(first))
    phone.receive(wire(rest))
    assert_up_to_date(event, phone, ["wall"])
    assert list(phone.topic("wall")) == [post.key, other.key]


@pytest.mark.django_db
def test_what_is_hidden_meanwhile_does_not_come_back(event: Event) -> None:
    post = make_post(event)
    phone = page(event, ["wall"])
    seq = move(event)
    moderation.hide(post, by=None)

    first, rest = frame(event, seq - 1, seq, ["wall"]), frame(event, seq, seq + 1, ["wall"])

    assert (of_posts(first, post), of_posts(rest, post)) == ([], [(seq + 1, False, False)])
    for answer in (rest, first, rest):
        phone.receive(wire(answer))
    follow(event, phone, ["wall"])
    assert phone.topic("wall") == {}


@pytest.mark.django_db
def test_event_that_changes_twice_ends_with_the_last_look(event: Event) -> None:
    make_post(event)
    make_slot(event)
    replica = page(event, TOPICS)
    first = move(event)
    second = move(event, "UTC")

    for start, upto in ((first - 1, first), (first, second)):
        replica.receive(wire(frame(event, start, upto, TOPICS)))

    assert_up_to_date(event, replica, TOPICS)


@pytest.mark.django_db
def test_row_with_its_old_version_would_keep_its_old_look(event: Event) -> None:
    """Why each item carries the number of the event's change: browsers ignore what they know."""
    make_post(event)
    phone = page(event, ["wall"])
    seq = move(event)
    answer = frame(event, seq - 1, seq, ["wall"])
    items = [msgspec.structs.replace(item, version=1) for item in answer.items]

    phone.receive(wire(msgspec.structs.replace(answer, items=items)))

    with pytest.raises(AssertionError):
        assert_up_to_date(event, phone, ["wall"])


@pytest.mark.django_db
def test_newer_row_that_is_only_drawn_again_would_be_lost(event: Event) -> None:
    """Why newer rows are left out: a browser that does without them would take them for known."""
    post = make_post(event)
    seen = {post.key: 1}
    seq = move(event)
    with changing(event) as log:
        log.touch(log.fresh(post))
    late = Item("wall", post.key, seq + 1, 1, "<article>", redraw=True)
    own = frame(event, seq, seq + 1, ["wall"]).items

    seen[late.key] = late.version  # as replica.js does, whether it is drawn or not

    assert [item for item in own if item.version > seen[item.key]] == []
    assert of_posts(frame(event, seq - 1, seq, ["wall"]), post) == []


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_drawing_again_asks_as_much_for_three_rows_as_for_one(
    event: Event, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_rule(event)
    for _ in range(rows):
        make_note(event)
        make_slot(event)
        make_source(event)
    cursor = reading.position(event.pk)
    move(event)

    # Proof, pointers; pending, shown, hidden, sources, rules; the event and the rail by name and
    # once more in their lists; what screens show; slots and who speaks; posts. For the desk also
    # pictures and faces of its posts, steps and people with the change that told them last; steps
    # and prompts for screens; their plan with all it is made of, and what stands on slides.
    with django_assert_num_queries(41):
        reading.catch_up(event.pk, TOPICS, "de", cursor)


@pytest.mark.django_db
def test_other_event_is_not_touched(event: Event) -> None:
    other = make_event()
    make_post(other)
    before = head(other)

    move(event)

    assert head(other) == before


# --- through the hub


@pytest.mark.django_db(transaction=True)
async def test_every_open_page_follows_by_one_message(hub: Hub, event: Event) -> None:
    def furnish() -> list[dict[str, str]]:
        for _ in range(3):
            make_post(event)
            make_slot(event)
        guest = make_attendee(event)
        make_note(event, attendee=guest)
        make_screen(event, key="k" * 22)
        make_source(event)
        moderator = make_moderator(event)
        # Steps and people stand on every desk, networks on every screen; a list can name them once
        # they were told.
        presence.here(event, moderator)
        steps.take(event, Step.What.BRAKE, by=moderator)
        steps.lift(event, Step.What.BRAKE, by=moderator)
        return [guest_cookies(guest), signed_in(moderator), {"screen": "k" * 22}]

    mine, desk, screen = await aside(hub, furnish)
    pages = {
        "phone": ({"shared": ["event", "wall"], "mine": ["mine"]}, mine),
        "now": ({"shared": ["event", "programme"]}, {}),
        "desk": ({"shared": ["desk", "event"]}, desk),
        "screen": ({"shared": ["event", "programme", "screen", "wall"]}, screen),
    }
    tabs = {name: Tab(hub, event, groups, cookies=who) for name, (groups, who) in pages.items()}
    for tab in tabs.values():
        await tab.open()
        assert tab.read() == []

    await aside(hub, move, event)
    await until(lambda: all(tab.inbox for tab in tabs.values()))

    arrived = {name: [(m["t"], m["g"]) for m in tab.inbox] for name, tab in tabs.items()}
    assert arrived == {name: [("frame", "shared")] for name in pages}
    for tab in tabs.values():
        assert tab.read() == []
        own = Replica({"shared": tab.replica.groups["shared"].topics})
        own.groups["shared"] = tab.replica.groups["shared"]
        await aside(hub, assert_up_to_date, event, own, tab.names("shared"))


@pytest.mark.django_db(transaction=True)
async def test_look_too_large_for_a_socket_is_fetched(hub: Hub, event: Event) -> None:
    def fill() -> None:
        with changing(event):
            for number in range(650):
                make_slot(event, start=f"{8 + number % 10:02}:00")

    await aside(hub, fill)
    tab = Tab(hub, event, {"shared": ["programme"]})
    tab.load(await aside(hub, reading.window, event.pk, ["programme"], "de"))
    await tab.open()
    tab.read()

    await aside(hub, move, event)
    await until(lambda: tab.inbox)

    assert [(message["t"], message["items"]) for message in tab.inbox] == [("reset", None)]
    await tab.settle()
    assert tab.asked == [Fetch("shared")]
    await aside(hub, assert_up_to_date, event, tab.replica, ["programme"])


@pytest.mark.django_db(transaction=True)
async def test_phone_that_returns_finds_the_new_look(hub: Hub, event: Event) -> None:
    tab = Tab(hub, event, {"shared": ["wall"]})
    tab.load(await aside(hub, reading.window, event.pk, ["wall"], "de"))
    await aside(hub, make_post, event)
    await tab.open()
    tab.read()
    tab.close()
    await aside(hub, move, event)
    await aside(hub, make_post, event)

    await tab.open()

    await reach([tab], await aside(hub, reading.window, event.pk, ["wall"], "de"))
    assert tab.asked == []
    await aside(hub, assert_up_to_date, event, tab.replica, ["wall"])
