"""The four questions: asked from the last session on, kept without a name, counted once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from agenda import feedback
from agenda.models import Answer, Attendee, Event, Session
from eventhub.live.log import changing
from eventhub.live.models import new_key
from tests import factories, guests
from tests.factories import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


@pytest.fixture
def opened(event: Event) -> Event:
    event.feedback = Event.Feedback.OPEN
    event.save()
    return event


@pytest.fixture
def at_noon() -> Iterator[None]:
    with time_machine.travel(at("12:34"), tick=False):
        yield


def sent(client: Any, event: Event, **fields: str) -> Any:
    """Answers as the page's script sends them."""
    form = {"idempotency": new_key(), **fields}
    return client.post(f"/{event.slug}/feedback", form, headers=guests.JSON)


def kept(event: Event) -> dict[str, str]:
    return dict(Answer.objects.filter(event=event).values_list("question", "text"))


# --- when


def test_questions_open_with_the_session_that_starts_last(event: Event) -> None:
    factories.make_slot(event, start="10:00")
    factories.make_slot(event, start="16:00", minutes=90)
    drinks = factories.make_session(event, kind=Session.Kind.BREAK)
    factories.make_slot(event, session=drinks, start="17:30")

    opening = [feedback.is_open(event, at(clock)) for clock in ("15:59", "16:00", "17:59")]

    assert opening == [False, True, True]


def test_slot_after_the_event_opens_nothing_late(event: Event) -> None:
    factories.make_slot(event, start="16:00")
    factories.make_slot(event, start="19:00")

    assert feedback.last_session(event) == at("16:00")


def test_break_counts_if_there_is_nothing_else(event: Event) -> None:
    lunch = factories.make_session(event, kind=Session.Kind.BREAK)
    factories.make_slot(event, session=lunch, start="12:00")

    assert feedback.last_session(event) == at("12:00")


def test_without_a_programme_they_open_five_minutes_before_the_end(event: Event) -> None:
    opening = [feedback.is_open(event, at(clock)) for clock in ("17:54", "17:55")]

    assert opening == [False, True]


def test_last_session_of_several_days_is_that_of_the_last(event: Event) -> None:
    event.ends_at += timedelta(days=1)
    event.save()
    factories.make_slot(event, start="16:00")
    slot = factories.make_slot(event, start="09:00")
    with changing(event) as log:
        slot = log.fresh(slot)
        slot.starts_at += timedelta(days=1)
        slot.ends_at += timedelta(days=1)
        log.touch(slot)

    assert feedback.last_session(event) == at("09:00") + timedelta(days=1)


def test_they_close_when_everything_is_deleted(event: Event) -> None:
    event.zone, event.purge_on = "Europe/Berlin", date(2026, 11, 6)
    midnight = datetime(2026, 11, 5, 23, 0, tzinfo=UTC)  # the sixth begins in Berlin

    moments = [midnight - timedelta(seconds=1), midnight]

    assert [feedback.is_open(event, moment) for moment in moments] == [True, False]


def test_organizer_opens_and_closes_them_by_hand(event: Event) -> None:
    event.feedback = Event.Feedback.OPEN
    assert feedback.is_open(event, at("08:00"))

    event.feedback = Event.Feedback.CLOSED
    assert not feedback.is_open(event, at("17:59"))


# --- what


@pytest.mark.usefixtures("at_noon")
def test_answers_are_kept_without_whose_they_are(opened: Event) -> None:
    key, phone = new_key(), new_key()
    client = guests.guest(opened, key)

    answer = sent(client, opened, idempotency=phone, good="The coffee", tricky=" ", action="Call")

    assert (answer.status_code, answer.json()) == (200, {"answered": 2})
    assert kept(opened) == {"good": "The coffee", "action": "Call"}
    rows = repr(list(Answer.objects.values()))
    assert key not in rows
    assert phone not in rows
    assert set(Answer.objects.values_list("at", flat=True)) == {at("12:00")}
    assert Attendee.objects.count() == 0
    assert len(set(Answer.objects.values_list("origin", flat=True))) == 2


@pytest.mark.usefixtures("at_noon")
def test_sent_again_from_the_same_phone_the_new_answer_counts(opened: Event) -> None:
    client, phone = guests.guest(opened), new_key()
    sent(client, opened, idempotency=phone, good="First", learned="Much")

    sent(client, opened, idempotency=phone, good="Second", learned="")
    sent(client, opened, idempotency=phone, good="Second", learned="")

    assert kept(opened) == {"good": "Second", "learned": "Much"}
    assert Answer.objects.count() == 2


@pytest.mark.usefixtures("at_noon")
def test_another_phone_and_another_event_count_for_themselves(opened: Event) -> None:
    other = factories.make_event(feedback=Event.Feedback.OPEN)
    phone = new_key()

    sent(guests.guest(opened), opened, idempotency=phone, good="Here")
    sent(guests.guest(opened), opened, good="Here as well")
    sent(guests.guest(other), other, idempotency=phone, good="There")

    assert Answer.objects.filter(event=opened).count() == 2
    assert kept(other) == {"good": "There"}


@pytest.mark.usefixtures("at_noon")
def test_what_cannot_be_taken_is_refused_in_a_sentence(opened: Event) -> None:
    client = guests.guest(opened)
    refused = {
        "empty": sent(client, opened, good=" \u200b", tricky=""),
        "too_long": sent(client, opened, good="ä" * 1001),
        "bad_request": sent(client, opened, idempotency="short", good="Good"),
        "not_joined": sent(guests.browser(), opened, good="Good"),
    }

    codes = {name: answer.json()["error"]["code"] for name, answer in refused.items()}
    assert codes == {name: name for name in refused}
    assert sent(client, opened, good="👩‍👩‍👧" * 1000).status_code == 200
    assert Answer.objects.count() == 1


@pytest.mark.usefixtures("at_noon")
def test_questions_that_are_closed_take_nothing(event: Event) -> None:
    answer = sent(guests.guest(event), event, good="Too early")

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "closed")
    assert Answer.objects.count() == 0


@pytest.mark.usefixtures("at_noon")
def test_one_phone_with_ever_new_keys_is_slowed_alone(opened: Event) -> None:
    flood = guests.guest(opened)
    answers = [sent(flood, opened, good="Me!") for _ in range(20)]

    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    assert sent(guests.guest(opened), opened, good="And me").status_code == 200


# --- where it stands


@pytest.mark.usefixtures("at_noon")
def test_page_asks_guests_while_the_questions_are_open(opened: Event) -> None:
    asking = '<four-questions class="ask"'
    page = guests.guest(opened).get(f"/{opened.slug}/").content.decode()
    assert asking in page
    assert 'hidden\n    data-empty="' not in page

    assert asking not in guests.browser().get(f"/{opened.slug}/").content.decode()

    opened.feedback = Event.Feedback.AUTO
    opened.save()
    page = guests.guest(opened).get(f"/{opened.slug}/").content.decode()
    assert 'hidden\n    data-empty="' in page  # there for when the hour comes


@pytest.mark.usefixtures("at_noon")
def test_without_scripts_a_page_says_thanks_or_keeps_the_words(opened: Event) -> None:
    client = guests.guest(opened)
    form = {"idempotency": new_key(), "good": "The coffee"}

    thanks = client.post(f"/{opened.slug}/feedback", form)
    refused = client.post(f"/{opened.slug}/feedback", form | {"tricky": "x" * 1001})

    assert (thanks.status_code, "Thank you!" in thanks.content.decode()) == (200, True)
    assert refused.status_code == 422
    assert "The coffee</textarea>" in refused.content.decode()
    assert "An answer has room for 1000 characters." in refused.content.decode()
