"""What a browser may keep: the programme of an open event and one's own, and nothing else ever."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from agenda import offline
from agenda.models import Event
from agenda.models.event import RESERVED
from tests import factories, guests, two_events
from tests.test_permissions import address
from tests.two_events import ROLES

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

STATIC = Path(__file__).resolve().parent.parent / "eventhub" / "static"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


def word(client: Client, where: str, **options: Any) -> str:
    return str(client.get(where, **options).headers.get("Keep-Offline", ""))


# --- what may be kept


def test_pages_of_the_programme_may_be_kept() -> None:
    """That no other page may, the walks of tests/test_permissions.py see."""
    a, b = two_events.furnish_two()
    pages = ("<slug:slug>/", "<slug:slug>/my/", "<slug:slug>/offline")

    words = [
        word(ROLES[role](a, b), address(page, b))
        for role in ("guest_of_b", "organizer_of_b")
        for page in pages
    ]

    assert words == ["yes"] * 6
    assert set(pages) <= offline.KEPT


def test_nothing_of_a_closed_event_may_be_kept(event: Event) -> None:
    Event.objects.update(closed=True)
    pages = ["", "my/", "offline"]

    words = {word(guests.guest(event), f"/{event.slug}/{page}") for page in pages}

    assert words == {"no"}
    assert word(guests.browser(), f"/{event.slug}/") == "no"


def test_barcamp_may_be_kept_while_there_is_one_and_its_answers_never(event: Event) -> None:
    guest, board = guests.guest(event), f"/{event.slug}/board/"
    assert word(guest, board) == "no"
    factories.make_barcamp(event)

    assert [word(guest, board), word(guests.browser(), board)] == ["yes", "yes"]
    assert word(guest, f"{board}own") == "no"
    assert guest.post(f"{board}proposals", {"title": ""})["Keep-Offline"] == "no"
    Event.objects.update(closed=True)
    assert word(guest, board) == "no"


def test_page_of_an_event_that_is_gone_is_let_go(event: Event) -> None:
    assert word(guests.browser(), "/nowhere/") == "no"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_server_that_is_busy_says_nothing_of_its_pages(event: Event, status: int) -> None:
    assert offline.may_be_kept("<slug:slug>/", event, status=status) == ""


# --- the worker


def test_worker_is_the_same_for_everybody_and_asked_for_each_time(event: Event) -> None:
    answers = [client.get("/sw.js") for client in (guests.browser(), guests.guest(event))]

    assert answers[0].content == answers[1].content
    assert answers[0]["Content-Type"] == "text/javascript; charset=utf-8"
    assert answers[0]["Cache-Control"] == "no-cache"
    assert "connect-src 'self'" in answers[0]["Content-Security-Policy"]


def test_worker_leaves_alone_what_is_no_event(event: Event) -> None:
    words = guests.browser().get("/sw.js").content.decode()
    found = re.search(r"^const KEPT = /(.+)/$", words, re.MULTILINE)
    assert found is not None
    kept = re.compile(found[1].replace(r"\/", "/"))

    assert [name for name in RESERVED if kept.search(f"/{name}/")] == []
    for page in ("wall/", "desk/", "you/", "home/", "helper/", "notes", "me", "stars", "my/slots"):
        assert not kept.search(f"/{event.slug}/{page}")
    for page in ("own", "votes", "tags", "proposals", "proposals/x", "card"):
        assert not kept.search(f"/{event.slug}/board/{page}")
    for page in ("", "programme/", "session/7/", "board/", "info/", "my/", "offline"):
        assert kept.search(f"/{event.slug}/{page}")


# --- the app


def test_manifest_names_the_event_and_its_icons_are_there(event: Event) -> None:
    answer = guests.browser().get(f"/{event.slug}/manifest.webmanifest")

    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["name"], said["start_url"], said["display"]) == (
        event.name,
        f"/{event.slug}/",
        "standalone",
    )
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    assert [icon["src"] for icon in said["icons"] if not (STATIC / icon["src"][8:]).exists()] == []


def test_page_of_an_event_names_its_manifest_and_to_strangers_of_a_closed_one_none(
    event: Event,
) -> None:
    named = f'href="/{event.slug}/manifest.webmanifest"'

    assert named in guests.browser().get(f"/{event.slug}/").content.decode()
    Event.objects.update(closed=True)
    assert named not in guests.browser().get(f"/{event.slug}/").content.decode()
    assert guests.browser().get(f"/{event.slug}/manifest.webmanifest").status_code == 403


def test_words_for_a_page_without_network_lead_to_what_is_kept(event: Event) -> None:
    factories.make_slot(event)

    words = guests.browser().get(f"/{event.slug}/offline").content.decode()

    for page in ("", "programme/", "my/"):
        assert f'href="/{event.slug}/{page}"' in words
