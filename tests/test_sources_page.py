"""The pages about sources: added, set, tried out, paused and removed, overwriting nobody."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from agenda.models import Event, Membership
from tests import factories, guests
from tests.mastodon_server import MastodonServer
from tests.two_events import Hall
from wall import source_keeping
from wall.demo_organizer import add_organizer
from wall.models import Action, Post, Source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture(scope="module")
def mastodon() -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        yield server


@pytest.fixture
def server(mastodon: MastodonServer, settings: Settings) -> MastodonServer:
    mastodon.answer("ok")
    settings.EGRESS_ALLOW = f"127.0.0.1:{mastodon.address[1]}"
    return mastodon


@pytest.fixture
def event() -> Event:
    return factories.make_event(zone="UTC", language="en")


@pytest.fixture
def ina(event: Event) -> Client:
    guests.refill_buckets()
    add_organizer(event, "!")
    return guests.signed_in(Hall(event).person(Membership.Role.ORGANIZER))


def page(event: Event, part: str = "") -> str:
    return f"/{event.slug}/home/sources/{part}"


def add(ina: Client, event: Event, kind: str, **typed: Any) -> Any:
    return ina.post(page(event, f"new/{kind}"), {"budget": 30} | typed, follow=True)


def words(answer: Any) -> str:
    return " ".join(guests.everything_said(answer).split())


def settings_of(source: Source, **typed: Any) -> dict[str, Any]:
    """What the form of a Mastodon source sends when nothing is changed but what is `typed`."""
    sent = {"server": source.config["server"], "tag": source.config["tag"], "name": source.name}
    sent |= {"budget": source.budget, "seen": source_keeping.mark_of(source)}
    return sent | typed


# --- adding
def test_added_source_is_asked_at_once_and_says_what_came(
    ina: Client, event: Event, server: MastodonServer
) -> None:
    server.add("Bin da! #sommerfest")

    answer = add(ina, event, "mastodon", server=server.url, tag="#sommerfest", secret="geheim")

    source = Source.objects.get(event=event)
    assert (source.adapter, source.config) == (
        "mastodon",
        {"server": server.url, "tag": "sommerfest"},
    )
    assert (source.token, source.paused, source.budget) == ("geheim", False, 30)
    assert "It works: " in words(answer)
    assert "Bin da! #sommerfest" in words(answer)
    assert server.requests[-1][1]["authorization"] == "Bearer geheim"
    assert Post.objects.count() == 0
    deed = Action.objects.get(event=event)
    assert (deed.verb, deed.about) == ("add_source", source.name)


def test_tag_that_is_none_is_answered_with_the_one_that_was_meant(
    ina: Client, event: Event
) -> None:
    answer = add(ina, event, "mastodon", server="mastodon.example", tag="Sommer Fest")

    assert (answer.status_code, Source.objects.count()) == (422, 0)
    assert "A hashtag has no spaces. Do you mean #SommerFest?" in words(answer)


def test_tag_with_an_umlaut_is_a_tag_and_asked_for_as_it_is_written(
    ina: Client, event: Event, server: MastodonServer
) -> None:
    add(ina, event, "mastodon", server=server.url, tag="#Ändern")

    assert Source.objects.get().config["tag"] == "Ändern"
    assert server.requests[-1][0].startswith("/api/v1/timelines/tag/%C3%84ndern?")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("404", "The server knows no such page. Perhaps it is no Mastodon server."),
        ("500", "The server has a problem (HTTP 500)."),
        ("garbage", "The server answers, but not with posts. Perhaps it is no Mastodon server."),
        ("html", "The server answers with a web page instead of posts."),
    ],
)
def test_test_says_what_went_wrong(
    ina: Client, event: Event, server: MastodonServer, fault: str, said: str
) -> None:
    server.answer(fault)

    assert said in words(add(ina, event, "mastodon", server=server.url, tag="fest"))


def test_unknown_server_is_said_so(ina: Client, event: Event) -> None:
    """A name without a dot is looked up nowhere: no test sends a packet."""
    answer = add(ina, event, "mastodon", server="mastodn", tag="fest")

    assert "mastodn is not on the public internet." in words(answer)


def test_wrong_token_is_said_so_with_where_to_get_one(
    ina: Client, event: Event, server: MastodonServer
) -> None:
    server.answer("401")

    answer = add(ina, event, "mastodon", server=server.url, tag="fest", secret="falsch")

    said = words(answer)
    assert "The server does not accept this access token. You make a new one there" in said
    assert said.count("Preferences, Development, New application.") == 3  # beside the error too
    link = f'href="{server.url}/settings/applications" target="_blank" rel="noopener noreferrer'
    assert said.count(link) == 2
    assert "falsch" not in said


def test_bluesky_without_a_password_is_not_added(ina: Client, event: Event) -> None:
    typed = {"service": "bsky.social", "handle": "@Mira.bsky.social", "tag": "fest"}

    refused = add(ina, event, "bluesky", **typed)

    assert "Without it the server does not let us read." in words(refused)
    assert Source.objects.count() == 0


def test_demo_is_offered_to_nobody(ina: Client, event: Event) -> None:
    assert ina.get(page(event, "new/demo")).status_code == 404
    assert "/new/demo" not in words(ina.get(page(event)))


def test_twenty_sources_are_enough(ina: Client, event: Event) -> None:
    for _number in range(20):
        factories.make_source(event)

    answer = add(ina, event, "hook")

    assert (answer.status_code, Source.objects.count()) == (422, 20)


# --- secrets
def test_stored_secret_is_never_shown_again(ina: Client, event: Event) -> None:
    source = factories.make_source(event, token="canary-of-a-token")

    for where in ("", f"{source.key}/", "health"):
        said = guests.everything_said(ina.get(page(event, where)))
        assert "canary-of-a-token" not in said
        assert source.token_sealed not in said


def test_secret_stays_for_the_same_server_and_goes_to_no_other(
    ina: Client, event: Event, server: MastodonServer
) -> None:
    source = factories.make_source(
        event, token="geheim", config={"server": server.url, "tag": "fest"}, cursor="5"
    )

    ina.post(page(event, f"{source.key}/"), settings_of(source, tag="anders"))
    source.refresh_from_db()
    assert (source.token, source.cursor) == ("geheim", "")

    ina.post(page(event, f"{source.key}/"), settings_of(source, server="other"))
    source.refresh_from_db()
    assert (source.token, source.config["server"]) == ("", "https://other")


def test_secret_of_a_webhook_is_shown_once(ina: Client, event: Event) -> None:
    answer = add(ina, event, "hook", name="Gateway")

    source = Source.objects.get()
    assert source.token in words(answer)
    assert f"/api/v1/hooks/{source.key}" in words(answer)
    assert source.token not in words(ina.get(page(event, f"{source.key}/")))


# --- changing
def test_settings_are_changed_and_read_anew(
    ina: Client, event: Event, server: MastodonServer
) -> None:
    source = factories.make_source(
        event, config={"server": server.url, "tag": "fest"}, state="stopped", error="Nein."
    )
    typed = {"languages": "de, en", "include_tags": "#camp", "exclude_tags": "ad spam"}

    ina.post(page(event, f"{source.key}/"), settings_of(source, mode="review", budget=5, **typed))

    source.refresh_from_db()
    assert (source.mode, source.budget, source.languages) == ("review", 5, ["de", "en"])
    assert (source.include_tags, source.exclude_tags) == (["camp"], ["ad", "spam"])
    assert (source.state, source.error, source.next_try_at) == ("new", "", None)


def test_whoever_is_slower_overwrites_nothing(ina: Client, event: Event) -> None:
    source = factories.make_source(event, name="Erster")
    sent = settings_of(source, name="Zweiter")
    source_keeping.change(
        source,
        source_keeping.Wish(name="Dritter", config=source.config),
        seen=sent["seen"],
        by=None,
    )

    answer = ina.post(page(event, f"{source.key}/"), sent)

    source.refresh_from_db()
    assert (answer.status_code, source.name) == (409, "Dritter")
    assert 'value="Dritter"' in words(answer)


# --- deeds
def test_paused_source_goes_on_and_both_are_written_down(ina: Client, event: Event) -> None:
    source = factories.make_source(event)

    for deed, paused in (("pause", True), ("pause", True), ("go-on", False)):
        ina.post(page(event, f"{source.key}/{deed}"))
        source.refresh_from_db()
        assert source.paused is paused

    verbs = Action.objects.filter(event=event).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["pause_source", "go_on_source"]


def test_removed_source_takes_its_posts_from_the_wall(ina: Client, event: Event) -> None:
    source, other = factories.make_source(event), factories.make_source(event, adapter="feed")
    post = factories.make_post(event, source=source)
    waiting = factories.make_post(event, source=source, state=Post.State.PENDING)
    stays = factories.make_post(event, source=other)

    for _again in range(2):
        answer = ina.post(page(event, f"{source.key}/remove"), follow=True)

    assert "The source is gone, and its posts with it." in words(answer)
    assert list(Source.objects.all()) == [other]
    assert list(Post.objects.order_by("pk").values_list("pk", "state", "reason", "source")) == [
        (post.pk, "hidden", "source", None),
        (waiting.pk, "hidden", "source", None),
        (stays.pk, "shown", "", other.pk),
    ]


def test_tests_are_limited_and_ask_outside_of_a_transaction(
    ina: Client, event: Event, server: MastodonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wall.sources.mastodon import Mastodon

    source = factories.make_source(event, config={"server": server.url, "tag": "fest"})
    held: list[bool] = []
    asked = Mastodon.fetch

    async def watched(self: Mastodon, *given: Any) -> Any:
        held.append(connection.in_atomic_block)
        return await asked(self, *given)

    monkeypatch.setattr(Mastodon, "fetch", watched)
    url = page(event, f"{source.key}/test")
    answers = [ina.post(url, headers=guests.JSON) for _number in range(8)]

    assert [answer.status_code for answer in answers] == [200] * 6 + [429] * 2
    assert (answers[0].json(), set(held)) == ({"heard": answers[0].json()["heard"]}, {False})
    source.refresh_from_db()
    assert (source.state, source.cursor) == (Source.State.NEW, "")


# --- the list
@pytest.mark.parametrize("where", ["", "health"])
def test_three_sources_cost_as_many_questions_as_one(ina: Client, event: Event, where: str) -> None:
    counts = []
    for rows in (1, 2):
        for _number in range(rows):
            factories.make_source(event, lag_s=3, rate_left=7)
        ina.get(page(event, where))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ina.get(page(event, where))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_health_is_told_in_plain_words(ina: Client, event: Event) -> None:
    factories.make_source(event, state="failing", error="Es hakt.", refused=2, rate_left=7)
    factories.make_source(event, state="good", lag_s=90, streaming=True)
    factories.make_source(event, state="good", lag_s=86_000)

    said = json.loads(ina.get(page(event, "health")).content)["html"]

    for expected in (
        "Does not answer as it should",
        "Es hakt.",
        "2 deliveries were refused",
        "may ask 7 more times",
        "listens live",
        "the newest post took 90 seconds",
        "written 23 hours before it came. Perhaps the clock over there is wrong",
    ):
        assert expected in said


def test_other_events_sources_are_not_there(ina: Client, event: Event) -> None:
    other = factories.make_source(factories.make_event(), name="canary")

    assert "canary" not in words(ina.get(page(event)))
    for part in ("", "test", "pause", "go-on", "secret"):
        assert ina.post(page(event, f"{other.key}/{part}")).status_code == 404
    ina.post(page(event, f"{other.key}/remove"))
    assert Source.objects.filter(pk=other.pk, paused=False).exists()


def test_desk_says_how_late_a_source_is_and_what_it_refused(ina: Client, event: Event) -> None:
    factories.make_source(event, state="good", lag_s=9, refused=1)

    said = words(ina.get(f"/{event.slug}/desk/"))

    assert "the newest post took 9 seconds" in said
    assert "1 delivery was refused" in said


def test_admin_changes_no_settings_that_it_does_not_know(ina: Client, event: Event) -> None:
    source = factories.make_source(event, adapter="feed", config={"url": "https://x.example/"})

    ina.post(f"/admin/wall/source/{source.pk}/change/", {"adapter": "mastodon", "name": "x"})

    source.refresh_from_db()
    assert source.adapter == "feed"
