"""The pages of the programme are kept for those to whom they say the same, and right."""

from typing import Any

import pytest

from agenda import attendees
from agenda.models import Event
from eventhub.live.models import new_key
from tests import factories
from tests.kept.conftest import Front
from tests.kept.test_kept import retitle

# What keeps them is asked on both databases by test_kept.py; which pages are kept, once.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
FOR_EVERYBODY = ["programme/", "programme/?by=room", "info/", "schedule.json", "schedule.ics"]
FOR_VISITORS = ["", "session/{}/"]


@pytest.fixture
async def event(front: Front) -> Event:
    def make() -> Event:
        event = factories.make_event(code="CANARY", feedback=Event.Feedback.OPEN)
        factories.make_slot(event, session=factories.make_session(event, "First"))
        return event

    made: Event = await front.do(make)
    return made


@pytest.fixture
async def guest(front: Front, event: Event) -> str:
    """The cookies of a guest with a name, a star and a note of their own."""

    def make() -> str:
        attendee = factories.make_attendee(event, "canaryName")
        session = event.sessions.get()
        attendee.stars.create(session=session)
        factories.make_note(event, attendee=attendee, text="canaryNote", state="pending")
        return f"attendee-{event.pk}={attendees.sign(event.pk, attendee.key)}; csrf={'x' * 32}"

    cookies: str = await front.do(make)
    return cookies


async def where(front: Front, event: Event, page: str) -> str:
    number = await front.do(lambda: event.sessions.get().pk)
    return f"/{event.slug}/{page.format(number)}"


@pytest.mark.parametrize("page", FOR_EVERYBODY)
async def test_page_for_everybody_is_the_same_for_a_guest(
    front: Front, event: Event, guest: str, page: str
) -> None:
    address = await where(front, event, page)
    by_guest = await front.twice(address, cookie=guest)
    worked = front.worked

    by_stranger = await front.get(address)

    assert by_stranger.body == by_guest.body
    assert front.worked == worked
    assert b"canary" not in by_guest.body


@pytest.mark.parametrize("page", FOR_VISITORS)
async def test_page_for_visitors_is_kept_for_them_alone(
    front: Front, event: Event, guest: str, page: str
) -> None:
    address = await where(front, event, page)
    await front.twice(address, cookie=guest)
    assert len(front.kept._answers) == 0
    by_stranger = await front.twice(address)
    worked = front.worked

    assert (await front.get(address)).body == by_stranger.body
    assert front.worked == worked
    await front.get(address, cookie=guest)
    assert front.worked == worked + 1


@pytest.mark.parametrize("page", [*FOR_EVERYBODY[:2], *FOR_EVERYBODY[3:], *FOR_VISITORS])
async def test_change_of_the_programme_is_seen_on_the_page(
    front: Front, event: Event, page: str
) -> None:
    address = await where(front, event, page)
    await front.twice(address)

    await front.elsewhere(retitle(event, "Second"))

    assert b"First" not in (await front.get(address)).body


async def test_note_to_a_session_is_seen_on_its_page(front: Front, event: Event) -> None:
    address = await where(front, event, "session/{}/")
    await front.twice(address)
    worked = front.worked

    await front.elsewhere(lambda: factories.make_post(event))

    await front.get(address)
    assert front.worked == worked + 1


async def test_change_of_the_event_is_seen_on_every_page(front: Front, event: Event) -> None:
    addresses = [await where(front, event, page) for page in ("programme/", "info/", "")]
    for address in addresses:
        await front.twice(address)
    event.name = "Another name"

    await front.elsewhere(event.save)

    said = [(await front.get(address)).body for address in addresses]
    assert [b"Another name" in body for body in said] == [True] * 3


@pytest.mark.parametrize("page", [*FOR_EVERYBODY, *FOR_VISITORS])
async def test_page_of_a_closed_event_is_kept_for_nobody(
    front: Front, event: Event, page: str
) -> None:
    address = await where(front, event, page)
    key = f"attendee-{event.pk}={attendees.sign(event.pk, new_key())}"

    def close() -> Any:
        event.closed = True
        event.save()

    await front.twice(address)
    await front.elsewhere(close)

    assert (await front.get(address)).status == 403
    assert (await front.get(address, cookie=key)).status == 200
    assert (await front.get(address)).status == 403
