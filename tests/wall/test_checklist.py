"""What is still missing before guests come, and what an organizer may say of it by hand."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agenda.models import Event, Membership
from agenda.qr import draw
from eventhub.live.log import changing
from tests import factories, guests
from wall.checklist import Facts, checklist, facts

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def client(event: Event) -> Client:
    user = factories.make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return guests.signed_in(user)


def points(event: Event, **known: Any) -> dict[str, str]:
    today = timezone.now().date()
    found = checklist(event, Facts(**known), today=today, in_admin=True)
    return {point.key: point.state for point in found}


def test_checklist_says_what_is_missing_and_what_is_there() -> None:
    now = timezone.now()
    bare = factories.make_event(hashtag="")
    full = factories.make_event(
        imprint="Ada",
        privacy="https://ada.example/privacy",
        contact="info desk",
        wifi_name="Guests",
    )
    full.settled = {"poster": "done"}
    full.purge_on = bare.purge_on = now.date() - timedelta(days=1)
    due = points(bare)
    full.purge_on = now.date()
    known = {"screens": 1, "seen_at": now, "helpers": 1, "slots": 1, "tags_read": ("#tag",)}

    assert set(due.values()) == {"open"}
    assert set(points(full, **known).values()) == {"done"}


def test_barcamp_is_a_point_where_there_is_one(event: Event) -> None:
    assert "barcamp" not in points(event, **asdict(facts(event)))
    factories.make_barcamp(event)
    assert points(event, **asdict(facts(event)))["barcamp"] == "open"
    factories.make_period(event)
    assert points(event, **asdict(facts(event)))["barcamp"] == "done"


def test_point_counts_what_has_happened_not_what_is_set_up(event: Event) -> None:
    """A screen is there when it was opened, a tag when a source has answered."""
    factories.make_screen(event)
    factories.make_source(event, name="#tag")
    before = points(event, **asdict(facts(event)))
    with changing(event) as log:
        screen, source = log.fresh(event.screens.get()), log.fresh(event.sources.get())
        screen.seen_at, source.state = timezone.now(), source.State.GOOD
        log.touch(screen)
        log.touch(source)
    after = points(event, **asdict(facts(event)))

    assert (before["screen"], before["tag"]) == ("open", "open")
    assert (after["screen"], after["tag"]) == ("done", "done")


def test_opened_screen_is_seen(event: Event) -> None:
    factories.make_screen(event, key="beamer")

    guests.browser().post("/screen/enter", {"key": "beamer"})

    assert facts(event).seen_at is not None


def test_organizer_says_what_is_done_or_not_needed_and_takes_it_back(
    event: Event, client: Client
) -> None:
    where = f"/{event.slug}/home/points"
    states = []

    for said in ["poster done", "poster ", "poster unneeded", "wifi unneeded"]:
        answer = client.post(where, {"point": said})
        event.refresh_from_db()
        states.append((points(event)["poster"], points(event)["wifi"]))

    assert answer["Location"] == f"/{event.slug}/home/#home-points"
    assert states == [
        ("done", "open"),
        ("open", "open"),
        ("unneeded", "open"),
        ("unneeded", "unneeded"),
    ]
    assert points(event, slots=1, helpers=1)["helpers"] == "done"


@pytest.mark.parametrize("odd", ["", "imprint unneeded", "poster sold", "purge done", "x" * 999])
def test_nothing_else_is_said_of_a_point(event: Event, client: Client, odd: str) -> None:
    answer = client.post(f"/{event.slug}/home/points", {"point": odd})

    event.refresh_from_db()
    assert (answer.status_code, event.settled) == (404, {})


def test_checklist_leads_to_where_it_is_mended_and_not_to_closed_doors(event: Event) -> None:
    today = timezone.now().date()

    for in_admin in (True, False):
        found = checklist(event, Facts(), today=today, in_admin=in_admin)
        admin = {one.where for one in found if one.where.startswith("/admin/")}
        assert bool(admin) == in_admin


def test_poster_says_tag_code_and_address(event: Event, client: Client) -> None:
    page = client.get(f"/{event.slug}/home/poster", HTTP_HOST="10.0.0.9:8000").content.decode()

    assert f"#{event.hashtag}" in page
    assert f"<b>10.0.0.9:8000/{event.code}</b>" in page
    drawn = draw(f"http://10.0.0.9:8000/{event.code}")
    assert f'd="{drawn.path}"' in page
