"""Every verb of moderation in any order, with sources and clocks in between: what must stay true.

Nothing that is hidden is shown again but by somebody's hand, and nothing withdrawn ever.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from eventhub.live.check_log import check
from tests.factories import make_batch, make_event, make_incoming, make_moderator, make_source
from wall import actions, declining, ingest, moderation, scheduling, standings
from wall.declining import Choice
from wall.models import Action, Author, Decision, Post, Rule
from wall.moderation import DecidedMeanwhileError, Outcome

WHICH = st.integers(0, 1000)  # picks one of however many there are
TEXTS = st.sampled_from(["Hallo", "Ein Troll", "Kauft jetzt alle diese Uhren"])
State = Post.State


class ModerationMachine(RuleBasedStateMachine):
    """Each example is an event of its own, in a database that stays."""

    def __init__(self) -> None:
        super().__init__()
        self.event = make_event()
        self.source = make_source(self.event, budget=1000)
        self.mira = make_moderator(self.event)
        self.before: dict[int, str] = {}
        self.by_hand = False  # whether the last step may show what was hidden
        for number in range(3):
            self.bring(number, "Hallo")

    def posts(self) -> list[Post]:
        return list(Post.objects.filter(event=self.event).order_by("pk"))

    def one(self, which: int) -> Post:
        found = self.posts()
        return found[which % len(found)]

    def bring(self, which: int, text: str, *, gone: bool = False) -> None:
        key = f"https://social.example/{self.event.pk}/{which % 5}"
        author = f"@ada{which % 2}@social.example"
        item = make_incoming(key, text=text, author=author, gone=gone)
        ingest.take(self.source, make_batch(item))

    @rule(which=WHICH, text=TEXTS)
    def write_or_edit(self, which: int, text: str) -> None:
        self.by_hand = False
        self.bring(which, text)

    @rule(which=WHICH)
    def delete_at_the_source(self, which: int) -> None:
        self.by_hand = False
        self.bring(which, "", gone=True)

    @rule(which=WHICH, verb=st.sampled_from([moderation.show, moderation.hide, moderation.hold]))
    def decide(self, which: int, verb: Callable[..., Outcome]) -> None:
        self.by_hand = verb is moderation.show
        with suppress(DecidedMeanwhileError):
            verb(self.one(which), by=self.mira)

    @rule(which=WHICH)
    def take_a_decision_back(self, which: int) -> None:
        self.by_hand = True
        found = list(Decision.objects.filter(event=self.event, post__isnull=False).order_by("pk"))
        if not found:
            return
        decision = found[which % len(found)]
        assert decision.post is not None
        with suppress(DecidedMeanwhileError):
            moderation.undo(decision.post, decision_id=decision.pk, by=self.mira)

    @rule(which=WHICH, verb=st.sampled_from(["trust", "block", "clear"]))
    def judge_an_author(self, which: int, verb: str) -> None:
        self.by_hand = False
        found = list(Author.objects.filter(event=self.event).order_by("pk"))
        author = found[which % len(found)]
        if verb == "trust":
            standings.trust(author, by=self.mira)
        elif verb == "block":
            standings.block_author(author, by=self.mira)
            assert not author.posts.filter(state__in=[State.SHOWN, State.PENDING]).exists()
        else:
            standings.clear(author, by=self.mira)

    @rule()
    def decline_together(self) -> None:
        self.by_hand = False
        choice = Choice(word="troll")
        count = declining.preview(self.event, choice).count
        assert declining.decline(self.event, choice, self.mira).count == count

    @rule(which=WHICH)
    def take_a_deed_back(self, which: int) -> None:
        self.by_hand = True
        found = list(Action.objects.filter(event=self.event).order_by("pk"))
        if found:
            action = found[which % len(found)]
            assert actions.undo(action, by=self.mira) is (action.undone_at is None)
            assert actions.undo(action, by=self.mira) is False

    @rule(mode=st.sampled_from(list(Rule.Mode)))
    def switch_the_mode(self, mode: Rule.Mode) -> None:
        self.by_hand = False
        moderation.set_mode(self.event, mode, by=self.mira)

    @rule(minutes=st.sampled_from([1, 61]))
    def let_time_pass(self, minutes: int) -> None:
        self.by_hand = False
        at = timezone.now() + timedelta(minutes=minutes)
        scheduling.show_due(at)
        scheduling.expire(at)

    @invariant()
    def nothing_comes_back(self) -> None:
        for post in self.posts():
            before = self.before.get(post.pk, "")
            if before == State.WITHDRAWN:
                assert (post.state, post.text) == (State.WITHDRAWN, "")
            if before == State.HIDDEN and not self.by_hand:
                assert post.state in {State.HIDDEN, State.WITHDRAWN}
            self.before[post.pk] = post.state

    @invariant()
    def only_what_waits_has_a_time(self) -> None:
        assert all(post.due_at is None for post in self.posts() if post.state != State.PENDING)

    @invariant()
    def log_is_sound(self) -> None:
        assert check(self.event.pk) == []
