"""The door of the API: closed events, foreign pages, errors, and what an asker has already."""

import subprocess
import sys
from typing import Any

import pytest
from django.db import OperationalError

from agenda.api import endpoints, views
from agenda.models import Event
from tests import factories, guests
from tests.processes import ROOT as CODE

ROOT = "/api/v1/"


def get(path: str, **headers: str) -> Any:
    return guests.browser().get(ROOT + path, headers=headers)


# --- closed events


@pytest.mark.django_db
@pytest.mark.parametrize(
    "what", ["", "/rooms", "/tracks", "/speakers", "/sessions", "/slots", "/now-and-next"]
)
def test_closed_event_is_not_here_even_for_its_guests(event: Event, what: str) -> None:
    factories.make_slot(event)
    event.closed = True
    event.save()
    guest = guests.guest(event)

    answer = guest.get(f"{ROOT}events/{event.slug}{what}")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.django_db
def test_closed_event_answers_like_one_that_does_not_exist(event: Event) -> None:
    event.closed = True
    event.save()

    assert get(f"events/{event.slug}").content == get("events/nothing").content


@pytest.mark.django_db
def test_list_of_events_leaves_closed_ones_out(event: Event) -> None:
    factories.make_event(slug="secret", closed=True)

    assert [each["slug"] for each in get("events").json()["items"]] == [event.slug]


@pytest.mark.django_db
def test_session_of_another_event_is_not_found(event: Event) -> None:
    secret = factories.make_event(closed=True)
    session = factories.make_session(secret)

    assert get(f"events/{event.slug}/sessions/{session.guid}").status_code == 404


# --- pages from anywhere


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["events", "events/nothing", "nothing", "events?limit=0"])
def test_any_page_may_read_answers_and_errors_without_credentials(path: str) -> None:
    answer = get(path, origin="https://elsewhere.example")

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert answer["Content-Type"].startswith("application/json")


@pytest.mark.django_db
def test_a_page_of_ours_is_not_open_to_others(event: Event) -> None:
    assert "Access-Control-Allow-Origin" not in guests.browser().get(f"/{event.slug}/")


@pytest.mark.django_db
def test_browser_may_ask_before_it_asks() -> None:
    answer = guests.browser().options(f"{ROOT}events")

    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


# --- errors in one shape


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nothing", 404, "not_found"),
        ("events/nothing", 404, "not_found"),
        ("events/%00", 404, "not_found"),
        ("events?cursor=bm90aGluZw", 404, "no_such_page"),
        ("events?cursor=WzEsMl0", 404, "no_such_page"),
        ("events?cursor=W10", 404, "no_such_page"),
        ("events?cursor=%00", 422, "invalid"),
        ("events?limit=0", 422, "invalid"),
        ("events?limit=1_0", 422, "invalid"),
        ("events?limit=99999999999999999999", 422, "invalid"),
    ],
)
def test_error_has_one_shape(path: str, status: int, code: str) -> None:
    answer = get(path, accept="text/html")

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert set(answer.json()["error"]) == {"code", "message"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value", ["x", "2026-13-01", "2026-1-1", "1697000000", "2026-10-07T10:00", ""]
)
def test_day_is_a_day_and_nothing_else(event: Event, value: str) -> None:
    assert get(f"events/{event.slug}/slots?day={value}").status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["events", "openapi.json", "nothing"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(path: str, method: str) -> None:
    answer = getattr(guests.browser(checks_csrf=True), method)(ROOT + path)

    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "not_allowed")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
def test_host_that_is_not_ours_is_told_in_the_same_shape() -> None:
    answer = guests.browser().get(f"{ROOT}events", headers={"host": "elsewhere.example"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.django_db
def test_database_that_is_away_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(endpoints, "_open", gone)

    answer = get("events")

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")
    assert answer["Retry-After"] == "2"
    assert answer["Access-Control-Allow-Origin"] == "*"


# --- what an asker has already


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["events", "openapi.json"])
def test_who_has_it_already_is_told_so_in_no_words(path: str) -> None:
    first = get(path)

    again = get(path, if_none_match=first["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
def test_what_has_changed_is_said_again(event: Event) -> None:
    first = get(f"events/{event.slug}")
    event.name = "Another name"
    event.save()

    again = get(f"events/{event.slug}", if_none_match=first["ETag"])

    assert (again.status_code, again.json()["name"]) == (200, "Another name")


@pytest.mark.django_db
def test_head_says_how_much_it_would_say(event: Event) -> None:
    whole = get(f"events/{event.slug}")

    head = guests.browser().head(f"{ROOT}events/{event.slug}")

    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]


# --- its description and its page


def test_description_is_openapi_3_1_and_names_every_address() -> None:
    schema = views.schema()

    assert schema["openapi"].startswith("3.1")
    assert [path.removeprefix(ROOT) for path in schema["paths"]] == [
        "events",
        "events/{slug}",
        "events/{slug}/rooms",
        "events/{slug}/tracks",
        "events/{slug}/speakers",
        "events/{slug}/sessions",
        "events/{slug}/sessions/{id}",
        "events/{slug}/slots",
        "events/{slug}/now-and-next",
        "hooks/{key}",
    ]


@pytest.mark.django_db
def test_page_explains_every_address_and_loads_nothing_from_elsewhere(event: Event) -> None:
    said = guests.browser().get(ROOT).content.decode()

    for path in views.schema()["paths"]:
        assert f">{path}</code>" in said
    assert f'href="{ROOT}events/{event.slug}/slots"' in said
    assert 'src="http' not in said
    assert "<script>" not in said


@pytest.mark.django_db
def test_page_shows_no_closed_event_as_an_example() -> None:
    factories.make_event(slug="secret", name="Secret", closed=True)

    assert "secret" not in guests.browser().get(ROOT).content.decode().lower()


# --- the library is heavy

HEAVY = {"ninja", "pydantic", "lxml", "icalendar", "openpyxl"}
STARTED = f"""
import sys
from django.urls import get_resolver
from eventhub.asgi import application
assert application.pages and get_resolver().url_patterns
print(sorted({HEAVY} & set(sys.modules)))
"""


def loaded(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=CODE, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def test_server_starts_without_the_heavy_libraries() -> None:
    assert loaded(STARTED) == "[]"


def test_library_that_is_loaded_at_the_start_is_noticed() -> None:
    assert loaded(STARTED.replace("import sys", "import sys, lxml")) == "['lxml']"
