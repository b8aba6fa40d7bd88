"""Trust and block, of authors, guests and servers: for what comes and for what is there."""

import pytest

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from tests.factories import (
    make_attendee,
    make_batch,
    make_event,
    make_incoming,
    make_moderator,
    make_note,
    make_photo,
    make_post,
    make_rule,
    make_source,
)
from tests.replay import assert_replay
from wall import actions, ingest, moderation, standings, upstream
from wall.models import Action, Author, Listed, Post, Rule

pytestmark = pytest.mark.django_db

Standing = Author.Standing


@pytest.fixture
def mira(event: Event) -> User:
    return make_moderator(event, "mira")


def make_author(event: Event, name: str = "ada", host: str = "social.example") -> Author:
    handle = f"@{name}@{host}"
    return Author.objects.create(
        event=event, identity=handle, handle=handle, host=host, network="mastodon"
    )


def states(*posts: Post) -> list[str]:
    return [Post.objects.get(pk=post.pk).state for post in posts]


def take(event: Event, author: str) -> Post:
    source = make_source(event)
    ingest.take(source, make_batch(make_incoming(author=author)))
    return Post.objects.get(source=source)


def note(event: Event, key: str, number: int = 1) -> Post:
    return ingest.take_note(
        event, attendee_key=key, written=f"Note {number}", idempotency=f"{number}" * 22
    ).post


def test_blocked_author_is_off_the_wall_and_stays_away(event: Event, mira: User) -> None:
    author = make_author(event)
    shown, waits = (make_post(event, author=author, state=state) for state in ("shown", "pending"))
    others = make_post(event)

    action = standings.block_author(shown, by=mira)

    assert states(shown, waits, others) == ["hidden", "hidden", "shown"]
    assert take(event, "@ada@social.example").reason == Post.Reason.BLOCKED
    assert action is not None
    assert (action.count, action.about, action.by) == (2, "@ada@social.example", mira)


def test_block_for_the_future_only_leaves_what_is_there(event: Event, mira: User) -> None:
    post = make_post(event, author=make_author(event))

    standings.block_author(post, by=mira, retroactively=False)

    assert states(post) == ["shown"]
    assert take(event, "@ada@social.example").state == "hidden"


def test_block_taken_back_brings_back_what_it_took(event: Event, mira: User) -> None:
    author = make_author(event)
    shown, waits = (make_post(event, author=author, state=state) for state in ("shown", "pending"))
    declined = make_post(event, author=author)
    moderation.hide(declined, by=mira)
    action = standings.block_author(author, by=mira)
    assert action is not None

    assert actions.undo(action, by=mira) is True

    assert states(shown, waits, declined) == ["shown", "pending", "hidden"]
    assert Author.objects.get().standing == Standing.UNKNOWN


def test_what_was_withdrawn_or_decided_since_does_not_come_back(event: Event, mira: User) -> None:
    author = make_author(event)
    gone, again, stays = (make_post(event, author=author) for _ in range(3))
    action = standings.block_author(author, by=mira)
    assert action is not None
    moderation.show(again, by=mira)
    moderation.hide(again, by=mira)
    with changing(event) as log:
        upstream.remove_gone(log, [log.fresh(gone)])

    actions.undo(action, by=mira)

    assert states(gone, again, stays) == ["withdrawn", "hidden", "shown"]


def test_pressing_twice_is_one_deed(event: Event, mira: User) -> None:
    author = make_author(event)
    make_post(event, author=author)

    first, second = (standings.block_author(author, by=mira) for _ in range(2))

    assert first == second == Action.objects.get()


def test_blocked_guest_cannot_write_on(event: Event, mira: User) -> None:
    key = make_attendee(event).key
    posts = [note(event, key, 1), note(event, key, 2)]

    standings.block_author(posts[0], by=mira)

    assert states(*posts, note(event, key, 3)) == ["hidden", "hidden", "hidden"]
    assert states(note(event, make_attendee(event).key)) == ["shown"]


def test_name_of_a_guest_is_all_that_the_log_says_of_them(event: Event, mira: User) -> None:
    post = make_note(event, attendee=make_attendee(event, "Mo"))

    standings.block_author(post, by=mira)

    assert Action.objects.get().about == "Mo"


def test_trusted_author_skips_the_queue(event: Event, mira: User) -> None:
    make_rule(event, Rule.Mode.REVIEW)
    author = make_author(event)
    waits = make_post(event, author=author, state="pending", reason=Post.Reason.FIRST)

    standings.trust(waits, by=mira)

    assert states(waits) == ["shown"]
    assert take(event, "@ada@social.example").state == "shown"


def test_trust_shows_nothing_that_needs_a_look(event: Event, mira: User) -> None:
    make_rule(event, Rule.Mode.REVIEW)
    Listed.objects.create(event=event, what="word", written="troll", folded="troll")
    author = make_author(event)
    kinds: list[dict[str, object]] = [
        {"sensitive": True},
        {"summary": "Food"},
        {"text": "Troll!"},
        {"reason": Post.Reason.HELD},
        {"reason": Post.Reason.EDITED},
        {"reason": Post.Reason.OBJECTION},
        {},
    ]
    posts = [make_post(event, author=author, state="pending", **kind) for kind in kinds]
    make_photo(posts[-1])

    standings.trust(author, by=mira)

    assert states(*posts) == ["pending"] * len(kinds)


def test_trust_taken_back_lets_what_it_showed_wait_again(event: Event, mira: User) -> None:
    make_rule(event, Rule.Mode.REVIEW)
    waits = make_post(event, author=make_author(event), state="pending")
    action = standings.trust(waits, by=mira)
    assert action is not None

    actions.undo(action, by=mira)

    assert states(waits) == ["pending"]
    assert states(take(event, "@ada@social.example")) == ["pending"]


def test_cleared_author_is_judged_as_everybody(event: Event, mira: User) -> None:
    author = make_author(event)
    standings.block_author(author, by=mira)

    action = standings.clear(author, by=mira)

    assert take(event, "@ada@social.example").state == "shown"
    actions.undo(action, by=mira)
    assert Author.objects.get().standing == Standing.BLOCKED


def test_undoing_an_old_judgement_leaves_a_newer_one(event: Event, mira: User) -> None:
    author = make_author(event)
    trusted = standings.trust(author, by=mira)
    standings.block_author(author, by=mira)
    assert trusted is not None

    actions.undo(trusted, by=mira)

    assert Author.objects.get().standing == Standing.BLOCKED


def test_nobody_to_judge_is_no_error(event: Event, mira: User) -> None:
    assert standings.block_author(make_post(event), by=mira) is None
    assert standings.trust(make_post(event), by=mira) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "EVIL.example.", "https://evil.example/about", "@ada@evil.example"]
)
def test_blocked_server_takes_along_what_lies_below_it(event: Event, mira: User, host: str) -> None:
    hosts = ["evil.example", "a.evil.example", "notevil.example"]
    posts = [make_post(event, author=make_author(event, host=one)) for one in hosts]

    action = standings.block_server(event, host, by=mira)

    assert states(*posts) == ["hidden", "hidden", "shown"]
    assert take(event, "@bob@b.evil.example").reason == Post.Reason.BLOCKED
    assert (action.about, action.count) == ("evil.example", 2)


def test_server_let_in_again_brings_its_posts(event: Event, mira: User) -> None:
    post = make_post(event, author=make_author(event))
    action = standings.block_server(event, "social.example", by=mira)

    actions.undo(action, by=mira)

    assert states(post) == ["shown"]
    assert Listed.objects.count() == 0


@pytest.mark.parametrize("host", ["", "example", "not a server", "http://"])
def test_what_names_no_server_is_refused(event: Event, mira: User, host: str) -> None:
    with pytest.raises(ValueError, match=r"server|host"):
        standings.block_server(event, host, by=mira)


def test_block_stays_in_its_event(event: Event, mira: User) -> None:
    other = make_event()
    post = make_post(other, author=make_author(other))

    standings.block_author(make_author(event), by=mira)
    standings.block_server(event, "social.example", by=mira)

    assert states(post) == ["shown"]
    assert take(other, "@ada@social.example").state == "shown"


def test_judgements_are_replayable(event: Event, mira: User) -> None:
    author = make_author(event)
    posts = [make_post(event, author=author, state=state) for state in ("shown", "pending")]
    guest = make_note(event)

    assert_replay(event, lambda: standings.block_author(author, by=mira))
    assert_replay(event, lambda: actions.undo(Action.objects.get(), by=mira))
    assert_replay(event, lambda: standings.trust(posts[1], by=mira))
    assert_replay(event, lambda: standings.block_author(guest, by=mira))
    assert_replay(event, lambda: standings.block_server(event, "social.example", by=mira))


def test_many_posts_move_fifty_in_one_change(event: Event, mira: User) -> None:
    """Between two portions others have their turn: no change is longer than that."""
    author = make_author(event)
    for _ in range(51):
        make_post(event, author=author)
    lengths: list[int] = []
    original = Log.touch_all

    def counting(log: Log, rows: list[Post], fields: list[str]) -> None:
        lengths.append(len(rows))
        original(log, rows, fields)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Log, "touch_all", counting)
        standings.block_author(author, by=mira)

    assert [length for length in lengths if length] == [50, 1]
