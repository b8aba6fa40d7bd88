"""What a verdict needs is looked up: names, listed words, the budget of a source."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from agenda.models import Event, Membership
from eventhub.live.log import changing
from tests.factories import (
    make_batch,
    make_event,
    make_incoming,
    make_post,
    make_rule,
    make_session,
    make_source,
    make_speaker,
    make_user,
)
from wall import ingest, notes, scheduling
from wall.judging import Judge
from wall.models import Author, Listed, Post

pytestmark = pytest.mark.django_db


def judged(event: Event, **fields: Any) -> Post:
    """A guest's post as it would arrive now."""
    post = Post(event=event, network="note", written_at=timezone.now(), **fields)
    with changing(event) as log:
        Judge(log, event).admit(post, has_picture=False)
    return post


def staff(event: Event, role: str, first: str, last: str = "") -> None:
    user = make_user(first_name=first, last_name=last)
    Membership.objects.create(event=event, user=user, role=role)


@pytest.mark.parametrize(
    "name",
    [
        "Jonas Becker",
        "jonas becker",
        "Dr. Jonas Becker",
        "J0nas Becker",
        "Jonas B\u0435cker",
        "\u0408onas Becker",
        "Jonas  Becker.",
        "Jönas Bécker",
        "ＪＯＮＡＳ ＢＥＣＫＥＲ",
        "Jonas\u00a0Becker",
        "Jona\u0455 Beck\u0435r",
    ],
)
def test_name_that_looks_like_a_speakers_waits(event: Event, name: str) -> None:
    make_speaker(event, "Jonas Becker")

    assert judged(event, author_name=name).reason == Post.Reason.NAME


@pytest.mark.parametrize("name", ["Aylin Kaya", "Mira Muster", "Ece Beispiel", "Handfest 2026"])
def test_names_of_staff_hosts_and_event_wait_too(name: str) -> None:
    event = make_event(name="Handfest 2026")
    staff(event, "organizer", "Aylin", "Kaya")
    staff(event, "moderator", "Mira", "Muster")
    make_session(event, host="Ece Beispiel, Tom")

    assert judged(event, author_name=name).reason == Post.Reason.NAME


@pytest.mark.parametrize("name", ["Jonas", "Jonas Beckmann", "Mira", "Nils Helfer", "", "🎉"])
def test_names_of_others_do_not_wait(event: Event, name: str) -> None:
    make_speaker(event, "Jonas Becker")
    make_speaker(make_event(), "Jonas Beckmann")
    staff(event, "organizer", "Mira")
    staff(event, "helper", "Nils", "Helfer")

    assert judged(event, author_name=name).state == "shown"


@pytest.mark.parametrize("field", ["text", "author_name", "organisation", "author_handle"])
def test_listed_word_is_found_wherever_it_is_read(event: Event, field: str) -> None:
    Listed.objects.create(event=event, what="word", written="Troll", folded="troll")

    assert judged(event, **{field: "ein Troll"}).reason == Post.Reason.WORD


def test_what_comes_beyond_the_budget_waits_at_the_desk(event: Event) -> None:
    source = make_source(event, budget=3)
    for _ in range(2):
        ingest.take(source, make_batch(make_incoming(), make_incoming()))

    found = Post.objects.order_by("pk").values_list("state", "reason")
    assert list(found) == [("shown", "")] * 3 + [("pending", "budget")]


def test_budget_is_of_one_minute_and_one_source(event: Event) -> None:
    full, other = make_source(event, budget=1), make_source(event, budget=1)
    for source, age in ((full, 61), (other, 0)):
        received_at = timezone.now() - timedelta(seconds=age)
        make_post(event, source=source, received_at=received_at)

    ingest.take(full, make_batch(make_incoming()))

    assert Post.objects.latest("pk").state == "shown"


def test_budget_counts_arrivals_whatever_times_are_claimed(event: Event) -> None:
    source = make_source(event, budget=1)
    old = timezone.now() - timedelta(days=1)

    ingest.take(source, make_batch(*(make_incoming(written_at=old) for _ in range(2))))

    assert Post.objects.latest("pk").reason == Post.Reason.BUDGET


def test_trusted_authors_have_no_budget(event: Event) -> None:
    source = make_source(event, budget=1)
    trusted = {"identity": "@ada@social.example", "standing": Author.Standing.TRUSTED}
    Author.objects.create(event=event, network="mastodon", **trusted)

    ingest.take(source, make_batch(make_incoming(), make_incoming()))

    assert list(Post.objects.values_list("state", flat=True)) == ["shown", "shown"]


def test_judging_asks_the_same_for_one_and_three(event: Event) -> None:
    make_rule(event)
    asked = []
    for count in (1, 3):
        source = make_source(event)
        with changing(event) as log, CaptureQueriesContext(connection) as queries:
            judge = Judge(log, event, source=source)
            for _ in range(count):
                post = Post(event=event, source=source, written_at=timezone.now())
                judge.admit(post, has_picture=False)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_whoever_waits_is_told_that_nobody_is_there(event: Event) -> None:
    make_rule(event, "delayed")
    scheduling.tell_who_is_there(timezone.now())

    with translation.override("en"):
        assert notes.expected_wait(event) == "may take a while: nobody is at the desk right now"
