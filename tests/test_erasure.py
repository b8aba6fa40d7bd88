"""A deleted event leaves nothing behind, touches no other, and lets its open pages go."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.erasure import erase
from agenda.models import Event
from eventhub.live import check_log
from eventhub.live.log import changing
from tests import guests, two_events
from tests.two_events import ROLES, Hall

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]


@pytest.fixture
def halls(db: None) -> tuple[Hall, Hall]:
    guests.refill_buckets()
    return two_events.furnish_two()


def left(hall: Hall) -> dict[str, list[str]]:
    return {name: rows for name, rows in hall.state().items() if rows}


@pytest.mark.parametrize("role", ["organizer_of_b", "superuser"])
@pytest.mark.parametrize("way", ["delete", "action"])
def test_event_deleted_in_the_admin_leaves_no_row_and_touches_no_other(
    halls: tuple[Hall, Hall], role: str, way: str
) -> None:
    a, b = halls
    client, number = ROLES[role](a, b), b.event.pk
    before = a.state()
    form = {"action": "delete_selected", "_selected_action": [number], "post": "yes"}

    if way == "delete":
        answer = client.post(f"/admin/agenda/event/{number}/delete/", {"post": "yes"})
    else:
        answer = client.post("/admin/agenda/event/", form)

    assert answer.status_code == 302
    assert left(Hall(Event(pk=number))) == {}
    assert a.state() == before
    assert number not in check_log.event_ids()
    assert check_log.check(a.event.pk) == []
    assert client.get(f"/{b.event.slug}/").status_code == 404


def test_question_before_deleting_says_how_much_goes_not_what(halls: tuple[Hall, Hall]) -> None:
    a, b = halls
    page = ROLES["organizer_of_b"](a, b).get(f"/admin/agenda/event/{b.event.pk}/delete/")

    words = page.content.decode()
    assert page.status_code == 200
    assert 'name="post" value="yes"' in words
    assert [word for word in b.private + b.secret if word in words] == []


def test_organizer_of_another_event_deletes_nothing(halls: tuple[Hall, Hall]) -> None:
    a, b = halls
    before = b.state()

    answer = ROLES["organizer_of_a"](a, b).post(
        f"/admin/agenda/event/{b.event.pk}/delete/", {"post": "yes"}
    )

    assert (answer.status_code, b.state()) == (302, before)


def test_event_is_erased_under_its_lock_or_not_at_all(halls: tuple[Hall, Hall]) -> None:
    """Rows and log go together: what fails in between takes nothing away."""
    _, b = halls
    before = b.state()

    def cut_off() -> None:
        with changing(b.event.pk):
            erase(Event.objects.get(pk=b.event.pk))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        cut_off()

    assert b.state() == before


def test_log_is_locked_before_a_row_goes(halls: tuple[Hall, Hall]) -> None:
    _, b = halls

    with CaptureQueriesContext(connection) as captured:
        erase(b.event)

    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert "live_stream" in asked[0]
