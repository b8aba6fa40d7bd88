"""A kept answer is given while it is right, to whom it is meant for, and to nobody else."""

import asyncio
import gzip
import json
import time
from typing import Any

import pytest
from django.db import OperationalError, connections

from agenda import attendees
from agenda.models import Event
from eventhub import kept as kept_module
from eventhub import watching
from eventhub.live import reading
from eventhub.live.log import changing
from eventhub.live.models import Change, new_key
from tests import factories
from tests.kept.conftest import Front, scope

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1/events/"


@pytest.fixture
async def event(front: Front) -> Event:
    def make() -> Event:
        event = factories.make_event()
        factories.make_slot(event, session=factories.make_session(event, "First"))
        return event

    made: Event = await front.do(make)
    return made


def slots(event: Event) -> str:
    return f"{API}{event.slug}/slots"


def retitle(event: Event, title: str) -> Any:
    """As a verb does: the session is saved, and its slot is touched."""

    def deed() -> None:
        slot = event.slots.get()
        slot.session.title = title
        with changing(event) as log:
            slot.session.save()
            log.touch(log.fresh(slot))

    return deed


# --- that it is given


async def test_answer_is_made_once_and_given_often(front: Front, event: Event) -> None:
    first = await front.twice(slots(event))
    worked = front.worked

    again = [await front.get(slots(event)) for _ in range(5)]

    assert front.worked == worked
    assert [each.body for each in again] == [first.body] * 5
    assert again[0].headers["content-length"] == str(len(first.body))


async def test_head_is_answered_with_the_length_alone(front: Front, event: Event) -> None:
    whole = await front.twice(slots(event))

    head = await front.get(slots(event), method="HEAD")

    assert (head.body, head.headers["content-length"]) == (b"", str(len(whole.body)))
    assert front.worked == 2


async def test_who_asks_with_head_first_spoils_nothing(front: Front, event: Event) -> None:
    for _ in range(3):
        await front.get(slots(event), method="HEAD")

    assert (await front.get(slots(event))).body != b""


@pytest.mark.parametrize("tag", ["{}", 'W/"x", {}', "*"])
async def test_who_has_it_already_hears_no_more(front: Front, event: Event, tag: str) -> None:
    whole = await front.twice(slots(event))

    known = await front.get(slots(event), if_none_match=tag.format(whole.headers["etag"]))

    assert (known.status, known.body, known.headers["etag"]) == (304, b"", whole.headers["etag"])
    assert "content-length" not in known.headers
    assert front.worked == 2


async def test_who_has_another_one_gets_it_whole(front: Front, event: Event) -> None:
    whole = await front.twice(slots(event))

    assert (await front.get(slots(event), if_none_match='"other"')).body == whole.body


async def test_answer_is_compressed_for_those_who_can_read_it(front: Front, event: Event) -> None:
    whole = await front.twice("/api/v1/openapi.json")

    squeezed = await front.get("/api/v1/openapi.json", accept_encoding="br, gzip;q=0.8")
    plain = await front.get("/api/v1/openapi.json", accept_encoding="gzip;q=0, br")

    assert squeezed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(squeezed.body) == whole.body == plain.body
    assert "accept-encoding" in squeezed.headers["vary"].lower()
    assert "content-encoding" not in plain.headers


async def test_many_who_ask_at_once_have_it_made_once(front: Front, event: Event) -> None:
    await front.twice(slots(event))
    await front.do(retitle(event, "Second"))
    worked = front.worked

    answers = await asyncio.gather(*(front.get(slots(event)) for _ in range(20)))

    assert front.worked == worked + 1
    assert all(b"Second" in each.body for each in answers)


async def test_whoever_asks_too_fast_is_sent_away(front: Front, event: Event) -> None:
    await front.twice(slots(event))
    front.wait_s = 3.0

    assert (await front.get(slots(event))).status == 429
    assert front.kept.at_once(scope(slots(event))) is None


# --- that it is right


@pytest.mark.each_case
@pytest.mark.parametrize("where", ["here", "elsewhere"])
async def test_change_of_the_programme_is_seen(front: Front, event: Event, where: str) -> None:
    await front.twice(slots(event))

    await (front.do if where == "here" else front.elsewhere)(retitle(event, "Second"))

    assert b"Second" in (await front.get(slots(event))).body


async def test_without_the_look_an_old_answer_would_be_given(
    front: Front, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    await front.twice(slots(event))
    await front.elsewhere(retitle(event, "Second"))

    monkeypatch.setattr(front.kept.watches, "look", lambda event_id: asyncio.sleep(0, True))

    assert b"First" in (await front.get(slots(event))).body


async def test_row_without_a_log_of_its_own_is_seen(front: Front, event: Event) -> None:
    where = f"{API}{event.slug}/rooms"
    await front.twice(where)

    await front.elsewhere(lambda: factories.make_room(event, "New hall"))

    assert b"New hall" in (await front.get(where)).body


async def test_session_that_is_not_placed_is_seen(front: Front, event: Event) -> None:
    where = f"{API}{event.slug}/sessions"
    session = await front.do(lambda: factories.make_session(event, "Not placed"))
    await front.twice(where)
    session.title = "Still not placed"

    await front.elsewhere(session.save)

    assert b"Still not placed" in (await front.get(where)).body


async def test_event_that_is_new_is_seen_in_the_list(front: Front, event: Event) -> None:
    await front.twice("/api/v1/events")

    made = await front.elsewhere(factories.make_event)

    assert made.slug.encode() in (await front.get("/api/v1/events")).body


async def test_what_others_write_on_the_wall_makes_nothing_old(front: Front, event: Event) -> None:
    await front.twice(slots(event))
    worked = front.worked

    await front.elsewhere(lambda: factories.make_post(event))

    await front.get(slots(event))
    assert front.worked == worked


async def test_change_while_it_is_made_is_seen(
    front: Front, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    await front.twice(slots(event))
    await front.do(retitle(event, "Second"))
    made = front.pages._answer

    def slow(*arguments: Any) -> Any:
        answer = made(*arguments)  # has read "Second"
        retitle(event, "Third")()
        return answer

    monkeypatch.setattr(front.pages, "_answer", slow)
    assert b"Second" in (await front.get(slots(event))).body
    monkeypatch.undo()

    assert b"Third" in (await front.get(slots(event))).body


async def test_another_database_makes_everything_old(front: Front, event: Event) -> None:
    await front.twice(slots(event))
    worked = front.worked

    def exchange() -> None:
        last = Change.objects.filter(event_id=event.pk).order_by("-seq")[:1]
        Change.objects.filter(event_id=event.pk, seq=last.get().seq).update(tag=4711)

    await front.elsewhere(exchange)

    await front.get(slots(event))
    assert front.worked == worked + 1


async def test_answer_that_tells_the_time_is_made_anew(
    front: Front, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = f"{API}{event.slug}/now-and-next"
    await front.twice(where)
    worked = front.worked
    clock = time.monotonic

    monkeypatch.setattr("eventhub.kept.time.monotonic", lambda: clock() + 1.5)

    await front.get(where)
    assert front.worked == worked + 1


async def test_nothing_is_given_while_the_database_is_away(
    front: Front, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    await front.twice(slots(event))
    worked = front.worked

    def gone(*_: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(watching, "_news", gone)
    await front.elsewhere(lambda: None)

    await front.get(slots(event))
    assert front.worked == worked + 1


# --- that it is nobody else's


async def test_closed_event_is_never_kept(front: Front, event: Event) -> None:
    await front.twice(slots(event))

    def close() -> None:
        Event.objects.filter(pk=event.pk).update(closed=True)

    await front.elsewhere(close)

    assert (await front.get(slots(event))).status == 404
    assert not front.kept.at_once(scope(slots(event)))


async def test_guest_of_a_closed_event_leaves_nothing_behind(front: Front) -> None:
    event = await front.do(lambda: factories.make_event(closed=True))
    cookie = f"attendee-{event.pk}={attendees.sign(event.pk, new_key())}"

    inside = await front.twice(f"/{event.slug}/", cookie=cookie)

    assert inside.status == 200
    assert len(front.kept._answers) == 0
    assert (await front.get(f"/{event.slug}/")).status == 403


@pytest.mark.parametrize("language", ["de", "en"])
async def test_each_language_has_its_own(front: Front, event: Event, language: str) -> None:
    await front.twice("/api/v1/")
    await front.twice("/api/v1/", accept_language="de")

    said = await front.get("/api/v1/", accept_language=language)
    chosen = await front.get("/api/v1/", accept_language="fr", cookie=f"language={language}")

    assert f'<html lang="{language}"'.encode() in said.body
    assert said.body == chosen.body


@pytest.mark.parametrize(
    "difference", [{"host": "127.0.0.1"}, {"cookie": "session=x"}, {"authorization": "Basic x"}]
)
async def test_who_is_not_the_same_is_answered_by_django(
    front: Front, event: Event, difference: dict[str, str]
) -> None:
    await front.twice("/api/v1/")
    worked = front.worked

    await front.get("/api/v1/", **difference)

    assert front.worked == worked + 1


async def test_query_belongs_to_what_is_asked(front: Front, event: Event) -> None:
    await front.twice(slots(event))

    said = await front.get(f"{slots(event)}?day=2026-10-08")

    assert json.loads(said.body)["items"] == []


async def test_memory_is_bounded(
    front: Front, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    await front.twice(slots(event))
    monkeypatch.setattr(kept_module, "MOST_BYTES", 10 * front.kept.bytes)

    for limit in range(1, 60):
        await front.get(f"{slots(event)}?limit={limit}")

    assert front.kept.bytes <= kept_module.MOST_BYTES
    assert front.kept.bytes == sum(each.size for each in front.kept._answers.values())
    assert 0 < len(front.kept._answers) <= 10


async def test_a_look_costs_the_same_for_any_programme(front: Front, event: Event) -> None:
    def look() -> int:
        asked: list[str] = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        position = reading.position(event.pk)
        with connections["default"].execute_wrapper(note):
            watching._news(event.pk, position)
        return len(asked)

    once = await front.do(look)
    await front.do(lambda: [factories.make_slot(event) for _ in range(3)])

    assert (once, await front.do(look)) == (3, 3)
