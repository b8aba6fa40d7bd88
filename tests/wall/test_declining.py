"""Declining together: what is counted is what goes, genuine posts stay, all of it comes back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.models import Event, User
from tests.factories import (
    make_batch,
    make_event,
    make_incoming,
    make_moderator,
    make_post,
    make_source,
)
from tests.replay import assert_replay
from wall import actions, declining, ingest, likeness, moderation
from wall.declining import Choice
from wall.models import Action, Author, Post

pytestmark = pytest.mark.django_db

FLOOD = "Kauft jetzt die besten Uhren der Welt, nur heute auf"
GENUINE = "Die Session über offene Daten war die beste des ganzen Tages, danke an alle"


@pytest.fixture
def mira(event: Event) -> User:
    return make_moderator(event, "mira")


def make_author(event: Event, host: str = "social.example", **fields: Any) -> Author:
    identity = f"@{Author.objects.count()}@{host}"
    return Author.objects.create(
        event=event, identity=identity, handle=identity, host=host, network="mastodon", **fields
    )


def post(event: Event, text: str = "Post", **fields: Any) -> Post:
    fields = {"likeness": likeness.fingerprint(text)} | fields
    return make_post(event, text=text, **fields)


def states(*posts: Post) -> list[str]:
    return [Post.objects.get(pk=post.pk).state for post in posts]


def taken(event: Event, choice: Choice) -> list[Post]:
    """What a preview shows, oldest first."""
    return list(reversed(declining.preview(event, choice).posts))


def test_word_is_looked_for_as_in_the_list(event: Event) -> None:
    meant = [post(event, "Ein TROLL!"), post(event, author_name="Troll")]
    post(event, "Kontrolle")

    assert taken(event, Choice(word="troll")) == meant


def test_server_is_meant_with_those_below_it(event: Event) -> None:
    hosts = ["evil.example", "a.evil.example", "notevil.example"]
    posts = [post(event, author=make_author(event, host)) for host in hosts]

    assert taken(event, Choice(host="Evil.example")) == posts[:2]


def test_young_accounts_are_those_whose_age_is_told(event: Event) -> None:
    now = timezone.now()
    ages = [now - timedelta(days=1), now - timedelta(days=30), None]
    posts = [post(event, author=make_author(event, since=since)) for since in ages]

    assert taken(event, Choice(younger_than_days=7)) == posts[:1]


def test_text_that_says_the_same_is_meant_and_no_other(event: Event) -> None:
    ends = ["uhren.example 17", "http://uhren.example/a", "UHREN!!!", "gleich hier"]
    flood = [post(event, f"{FLOOD} {end}") for end in ends]
    post(event, GENUINE)
    post(event, "Nur heute: die Stühle der Welt")

    assert taken(event, Choice(like=flood[0])) == flood


def test_pile_is_chosen_by_its_fingerprint(event: Event) -> None:
    flood = [post(event, f"{FLOOD} {number}") for number in range(3)]
    post(event, GENUINE)

    assert taken(event, Choice(like=flood[0].likeness)) == flood


def test_all_that_is_given_must_be_true(event: Event) -> None:
    author = make_author(event)
    both = post(event, "troll", author=author)
    post(event, "troll", author=make_author(event))
    post(event, author=author)

    assert taken(event, Choice(word="troll", author=author)) == [both]


@pytest.mark.parametrize(
    "choice", [Choice(), Choice(word="!"), Choice(host="nothing"), Choice(like="")]
)
def test_choice_of_nothing_is_nothing(event: Event, mira: User, choice: Choice) -> None:
    shown = post(event, "💩", likeness="")

    assert declining.preview(event, choice).count == 0
    assert declining.decline(event, choice, mira).count == 0
    assert states(shown) == ["shown"]


def test_house_posts_and_trusted_authors_are_not_meant(event: Event) -> None:
    trusted = make_author(event, standing=Author.Standing.TRUSTED)
    post(event, "troll", network="house")
    theirs = post(event, "troll", author=trusted)

    assert taken(event, Choice(word="troll")) == []
    assert taken(event, Choice(author=trusted)) == [theirs]


def test_preview_counts_all_and_shows_the_newest_ten(event: Event) -> None:
    posts = [post(event, "troll") for _ in range(12)]

    preview = declining.preview(event, Choice(word="troll"))

    assert (preview.count, list(preview.posts)) == (12, posts[:1:-1])


def test_what_is_counted_is_what_goes(event: Event, mira: User) -> None:
    flood = [post(event, f"{FLOOD} {number}", state="pending") for number in range(52)]
    flood.append(post(event, FLOOD))
    genuine, hidden = post(event, GENUINE), post(event, FLOOD, state="hidden")
    choice = Choice(like=flood[0])
    count = declining.preview(event, choice).count

    action = declining.decline(event, choice, mira)

    assert count == action.count == 53
    assert {*states(*flood)} == {"hidden"}
    assert states(genuine, hidden) == ["shown", "hidden"]
    assert action.about == ""


def test_taken_back_each_is_what_it_was(event: Event, mira: User) -> None:
    shown, waits, decided = post(event, "troll"), post(event, "troll"), post(event, "troll")
    moderation.undo(waits, decision_id=moderation.hide(waits, by=mira).undo or 0, by=mira)
    action = declining.decline(event, Choice(word="troll"), mira)
    moderation.show(decided, by=mira)

    assert actions.undo(action, by=mira) is True

    assert states(shown, waits, decided) == ["shown"] * 3
    assert (Action.objects.get().undone_by, actions.can_undo(Action.objects.get())) == (mira, False)


def test_another_event_keeps_its_posts(event: Event, mira: User) -> None:
    theirs = post(make_event(), "troll")

    assert declining.decline(event, Choice(word="troll"), mira).count == 0
    assert states(theirs) == ["shown"]


def test_preview_asks_the_same_however_many(event: Event) -> None:
    asked = []
    for _ in range(3):
        post(event, "troll")
        with CaptureQueriesContext(connection) as queries:
            declining.preview(event, Choice(word="troll"))
        asked.append(len(queries))

    assert asked[0] == asked[2]


def test_arriving_posts_know_what_they_are_like(event: Event) -> None:
    items = [make_incoming(text=f"{FLOOD} {number}") for number in range(2)]
    ingest.take(make_source(event), make_batch(*items))
    note = ingest.take_note(event, attendee_key="A" * 22, written=FLOOD, idempotency="A" * 22).post

    found = {*Post.objects.values_list("likeness", flat=True)}
    assert found == {note.likeness} == {likeness.fingerprint(FLOOD)}


def test_edited_post_is_like_its_new_text(event: Event) -> None:
    source = make_source(event)
    ingest.take(source, make_batch(make_incoming("https://x.example/1", text=FLOOD)))
    ingest.take(source, make_batch(make_incoming("https://x.example/1", text=GENUINE)))

    assert Post.objects.get().likeness == likeness.fingerprint(GENUINE)


def test_declining_together_is_replayable(event: Event, mira: User) -> None:
    for state in ("shown", "pending"):
        post(event, "troll", state=state)

    assert_replay(event, lambda: declining.decline(event, Choice(word="troll"), mira))
    assert_replay(event, lambda: actions.undo(Action.objects.get(), by=mira))
