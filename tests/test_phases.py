"""The switch of the barcamp's phases: who switches, what it says, and what two people see."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from agenda import phase_topics, phases
from agenda.models import Barcamp, Event, Membership
from agenda.phases import PhaseChanged
from eventhub.live.models import Change
from eventhub.live.topics import registry
from tests import guests
from tests.factories import make_barcamp, make_event, make_moderator, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.each_case]
ADDRESS = "/{}/home/barcamp/phase"


@pytest.fixture
def event() -> Event:
    event = make_event(language="en")
    make_barcamp(event)
    return event


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What is asked without a page speaks the language of this thread."""
    with translation.override("en"):
        yield


def staff(event: Event) -> Client:
    return guests.signed_in(make_moderator(event))


def switch(client: Client, event: Event, phase: str, seen: str, **more: str) -> tuple[int, str]:
    """Status and message."""
    answer = client.post(
        ADDRESS.format(event.slug) + f"?seen={seen}",
        {"phase": phase} | more,
        headers={"Accept": "application/json"},
    )
    told = answer.json()
    return answer.status_code, told.get("error", {}).get("message", "")


def phase_of(event: Event) -> str:
    return Barcamp.objects.get(event=event).phase


def test_staff_switches_with_one_tap(event: Event) -> None:
    assert switch(staff(event), event, "pitch", "collect") == (200, "")
    assert phase_of(event) == "pitch"


def test_helper_for_pitches_switches_and_one_for_the_desk_does_not(event: Event) -> None:
    answers = []
    for task in ("pitch", "desk"):
        user = make_user()
        Membership.objects.create(user=user, event=event, role="helper", tasks=[task])
        client = guests.signed_in(user)
        answers.append(client.post(ADDRESS.format(event.slug), {"phase": "board"}).status_code)

    assert answers == [302, 404]


def test_who_saw_an_older_phase_reads_what_it_is_now(event: Event) -> None:
    phases.enter(event, "board")

    status, message = switch(staff(event), event, "pitch", "collect")

    assert status == 409
    assert "Board" in message
    assert phase_of(event) == "board"


def test_two_who_want_the_same_phase_both_have_it(event: Event) -> None:
    assert switch(staff(event), event, "pitch", "collect") == (200, "")
    before = Change.objects.count()
    assert switch(staff(event), event, "pitch", "collect") == (200, "")
    assert Change.objects.count() == before


def test_without_scripts_a_conflict_is_a_page_with_the_switch_as_it_is(event: Event) -> None:
    phases.enter(event, "running")

    page = staff(event).post(ADDRESS.format(event.slug) + "?seen=pitch", {"phase": "board"})

    assert page.status_code == 409
    assert 'data-phase="running"' in page.content.decode()


@pytest.mark.parametrize(("back", "target"), [("", ""), ("setup", "setup"), ("//evil", "")])
def test_without_scripts_one_goes_back_to_a_page_of_ours(
    event: Event, back: str, target: str
) -> None:
    answer = staff(event).post(ADDRESS.format(event.slug), {"phase": "pitch", "back": back})
    assert answer["Location"] == f"/{event.slug}/home/barcamp/{target}"


@pytest.mark.parametrize("phase", ["", "party", "COLLECT"])
def test_what_is_no_phase_is_not_there(event: Event, phase: str) -> None:
    assert staff(event).post(ADDRESS.format(event.slug), {"phase": phase}).status_code == 404
    assert phase_of(event) == "collect"


def test_an_event_without_a_barcamp_has_nothing_to_switch() -> None:
    event = make_event()
    answer = staff(event).post(ADDRESS.format(event.slug), {"phase": "pitch"})
    assert answer.status_code == 404
    assert registry["phases"].window(event.pk, "phases", "en") == []


def test_tapping_without_end_is_slowed_down(event: Event) -> None:
    client = staff(event)
    answers = {
        switch(client, event, ("pitch", "board")[n % 2], phase_of(event))[0] for n in range(40)
    }
    assert answers == {200, 429}


def test_stale_view_is_refused_by_the_verb(event: Event) -> None:
    phases.enter(event, "closed")
    with pytest.raises(PhaseChanged) as refused:
        phases.enter(event, "pitch", seen="board")
    assert "Closed" in refused.value.message
    assert phases.enter(event, "closed", seen="board").phase == "closed"


@pytest.mark.parametrize("phase", Barcamp.Phase.values)
def test_topic_says_which_phase_it_is_and_what_it_means(event: Event, phase: str) -> None:
    phases.enter(event, phase)

    (shown,) = registry["phases"].window(event.pk, "phases", "en")

    assert shown.html is not None
    assert f'data-phase="{phase}"' in shown.html
    assert shown.html.count('aria-pressed="true"') == 1
    assert str(phase_topics.MEANS[phase]) in shown.html


def test_hosts_who_may_place_are_mentioned_where_they_may(event: Event) -> None:
    barcamp = make_barcamp(event, "board", hosts_place=True)
    assert "Hosts" in phase_topics.means(barcamp, "board")
    assert "Hosts" not in phase_topics.means(barcamp, "pitch")
