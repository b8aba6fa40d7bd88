"""The page of one session: all that is known, for people and for machines, and notes to it."""

import re

import pytest

from agenda import session_page
from agenda.models import Event, Session, Speaker
from eventhub.live.log import changing
from tests import guests
from tests.factories import at, make_event, make_post, make_session, make_slot
from tests.test_programme_pages import forum, linked, read

__all__ = ["forum"]
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough


def test_session_says_all_that_is_known(forum: Event) -> None:
    session = forum.sessions.get(title="Ask us")
    session.language, session.hashtag, session.subtitle = "de", "AskUs", "Two hours"
    session.links = [{"title": "Slides", "url": "https://slides.example/1"}]
    session.save()
    Speaker.objects.update(bio="Knows the city.", link="https://zoe.example/")

    html = read(forum, f"session/{session.pk}/")

    said = ["Ask us", "Two hours", "Bring the Größe of it.", "Zoë Łukasz", "Knows the city."]
    said += ["German", "#AskUs", "Hall", "Straight on", "Data", "until <time>10:30</time>"]
    said += ['href="https://slides.example/1" rel="noopener noreferrer nofollow"', "zoe.example"]
    said += [f'href="/{forum.slug}/wall/?session={session.pk}"']
    assert [words for words in said if words not in html] == []


def test_session_lists_repeats_and_what_is_cancelled(forum: Event) -> None:
    session = forum.sessions.get(title="Ask us")
    again = make_slot(forum, session=session, start="15:00")
    with changing(forum) as log:
        slot = log.fresh(again)
        slot.cancelled = True
        log.touch(slot)

    html = read(forum, f"session/{session.pk}/")

    assert re.findall(r'class="slot__time"><time[^>]*>(\d\d:\d\d)', html) == ["10:00", "15:00"]
    states = [each["eventStatus"].rpartition("/")[2] for each in linked(html)["@graph"]]
    assert states == ["EventScheduled", "EventCancelled"]


def test_session_without_a_slot_has_a_page() -> None:
    event = make_event()
    session = make_session(event, "Not yet")

    html = read(event, f"session/{session.pk}/")

    assert guests.in_english("Time and room are not fixed yet.") in html


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_session_that_is_not_there_is_not_found(forum: Event, number: str) -> None:
    assert guests.browser().get(f"/{forum.slug}/session/{number}/").status_code == 404


def test_session_of_another_event_is_not_found(forum: Event) -> None:
    foreign = make_session(make_event())

    assert guests.browser().get(f"/{forum.slug}/session/{foreign.pk}/").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "https://",
        "https://user@bank.example@evil.example/",
        "https://a.example/\n/x",
        " https://a.example/",
        "https://[::1",
        "ftp://a.example/",
        None,
        7,
    ],
)
def test_only_ordinary_addresses_become_links(url: object) -> None:
    assert session_page.link(url, "Slides") is None


def test_a_link_says_where_it_leads() -> None:
    assert session_page.link("https://münchen.example/a", "  ") == session_page.Link(
        "xn--mnchen-3ya.example", "https://münchen.example/a", "xn--mnchen-3ya.example"
    )
    odd = Session(links=[{"url": "https://a.example"}, "x", {}, {"title": {}, "url": []}])
    assert [each.title for each in session_page.links(odd)] == ["a.example"]


def test_notes_to_a_session_stand_on_its_page_as_long_as_they_stand_on_the_wall(
    forum: Event,
) -> None:
    session = forum.sessions.get(title="Ask us")
    make_post(forum, session=session, text="To this one")
    make_post(forum, session=forum.sessions.get(title="Roof"), text="To the roof")
    make_post(forum, text="To all")
    make_post(forum, session=session, text="Not looked at", state="pending")
    make_post(forum, session=session, text="Gone", state="hidden")

    html = read(forum, f"session/{session.pk}/")

    words = ["To this one", "To the roof", "To all", "Not looked at", "Gone"]
    assert [each for each in words if each in html] == ["To this one"]


def test_part_of_a_session_is_what_a_page_swaps(forum: Event) -> None:
    session = forum.sessions.get(title="Ask us")

    part = read(forum, f"session/{session.pk}/?part=1")

    assert re.findall(r'data-swap="(\w+)"', part) == ["head", "day", "words"]
    assert "<html" not in part


# --- for machines


def test_programme_tells_machines_what_it_tells_people(forum: Event) -> None:
    forum.place, forum.licence = "Warehouse </script><b>", Event.Licence.BY
    forum.save()

    html = read(forum, "programme/")

    assert "</script><b>" not in html
    told = linked(html)
    assert (told["@type"], told["name"]) == ("Event", forum.name)
    assert told["location"]["name"] == "Warehouse </script><b>"
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    first = told["subEvent"][0]
    assert (first["name"], first["startDate"]) == ("Ask us", "2026-10-07T10:00:00+00:00")
    assert first["performer"] == [{"@type": "Person", "name": "Zoë Łukasz"}]
    assert len(told["subEvent"]) == 3


def test_machines_learn_of_a_new_hour(forum: Event) -> None:
    slot = forum.slots.get(session__title="Ask us")
    with changing(forum) as log:
        slot = log.fresh(slot)
        slot.was_starts_at, slot.starts_at = slot.starts_at, at("9:00")
        log.touch(slot)

    html = read(forum, f"session/{slot.session_id}/")

    told = linked(html)["@graph"][0]
    assert told["eventStatus"] == "https://schema.org/EventRescheduled"
    assert told["previousStartDate"] == "2026-10-07T10:00:00+00:00"
