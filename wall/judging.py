"""Look up what a verdict needs, and write the verdict on a post. The verdict is `arrival.judge`'s.

One `Judge` serves one open log: a few questions to the database, however many posts.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from agenda import names
from agenda.models import Event
from eventhub.live.log import Log
from wall import arrival, presence, rules, servers, word_list
from wall.arrival import Policy, Traits, Verdict
from wall.models import Author, Listed, Post, Rule, Source, Step
from wall.word_list import WordList

MINUTE = timedelta(minutes=1)


class Judge:
    """Decides about posts of one event, of one of its sources or (without) of its guests."""

    def __init__(
        self,
        log: Log,
        event: Event,
        *,
        source: Source | None = None,
        authors: Iterable[Author] = (),
    ) -> None:
        self.log = log
        self.event = event
        self.source = source
        self.at = timezone.now()
        self._asked_about = {author.pk for author in authors}  # in one question
        self._brought = 0  # by the source, in this log

    def admit(self, post: Post, *, has_picture: bool) -> None:
        """`post`, which is new, gets its state, and why and until when it waits."""
        over = self._is_over_budget()
        traits = self._traits(post, has_picture=has_picture, over_budget=over)
        self.apply(post, arrival.judge(self.policy, traits, self.at))

    def verdict(self, post: Post, *, has_picture: bool) -> Verdict:
        return arrival.judge(self.policy, self._traits(post, has_picture=has_picture), self.at)

    def when_due(self, post: Post) -> Verdict:
        """What becomes of `post` now that its time for second thoughts is over."""
        return arrival.when_due(self.policy, self._traits(post, has_picture=False), self.at)

    def apply(self, post: Post, verdict: Verdict) -> None:
        post.state, post.reason, post.due_at = verdict.state, verdict.reason, verdict.due_at

    @cached_property
    def policy(self) -> Policy:
        rule = rules.of(self.log, self.event)
        own_mode = self.source.mode if self.source is not None else ""
        return Policy(
            mode=Rule.Mode(own_mode or rule.mode),
            delay_s=rule.delay_s,
            fallback=Rule.Fallback(rule.fallback),
            hold_first=rule.hold_first,
            brake=Step.objects.taken(self.event.pk, Step.What.BRAKE),
            somebody_there=presence.somebody_there(self.event, self.at),
        )

    def _traits(self, post: Post, *, has_picture: bool, over_budget: bool = False) -> Traits:
        author = post.author
        standing = author.standing if author is not None else ""
        trusted = standing == Author.Standing.TRUSTED
        return Traits(
            sensitive=post.sensitive or bool(post.summary),
            picture=has_picture,
            link=any(facet["kind"] == "link" for facet in post.facets),
            listed_word=self._has_listed_word(post),
            like_a_name=self._reads_like_a_name(post),
            trusted=trusted,
            over_budget=over_budget,
            blocked=standing == Author.Standing.BLOCKED or self._server_blocked(author),
            unknown=not trusted and self._is_unknown(author),
        )

    def _is_over_budget(self) -> bool:
        """Whether the source has brought more within a minute than it may; guests have no such
        bound here. What its posts claim about their time does not count.
        """
        if self.source is None:
            return False
        self._brought += 1
        return self._brought_before + self._brought > self.source.budget

    @cached_property
    def _brought_before(self) -> int:
        assert self.source is not None
        newest = Post.objects.filter(source=self.source).order_by("-pk")
        lately = Post.objects.filter(pk__in=newest.values("pk")[: self.source.budget])
        return lately.filter(received_at__gt=self.at - MINUTE).count()

    @cached_property
    def _names(self) -> set[str]:
        return names.skeletons(self.event)

    def _reads_like_a_name(self, post: Post) -> bool:
        return bool(post.author_name) and names.skeleton(post.author_name) in self._names

    @cached_property
    def _lists(self) -> tuple[set[str], WordList]:
        """Blocked servers and listed words, in one question."""
        rows = Listed.objects.filter(event=self.event).order_by("folded")
        found = list(rows.values_list("what", "folded"))
        hosts = {folded for what, folded in found if what == Listed.What.SERVER}
        words = (folded for what, folded in found if what == Listed.What.WORD)
        return hosts, word_list.of_entries(words)

    def _server_blocked(self, author: Author | None) -> bool:
        return author is not None and servers.covers(self._lists[0], author.host)

    def _has_listed_word(self, post: Post) -> bool:
        return self._lists[1].found_in(
            post.text, post.summary, post.author_name, post.author_handle, post.organisation
        )

    @cached_property
    def _shown_authors(self) -> set[int]:
        shown = Post.objects.filter(event=self.event, shown_seq__isnull=False)
        shown = shown.filter(author__in=self._asked_about)
        return set(shown.values_list("author_id", flat=True).distinct())

    def _is_unknown(self, author: Author | None) -> bool:
        """Whether nothing of this author of elsewhere was ever shown, where that matters."""
        if self.source is None or not self.policy.holds_first:
            return False
        if author is not None and author.pk not in self._asked_about:
            self._asked_about.add(author.pk)
            self.__dict__.pop("_shown_authors", None)
        return author is None or author.pk not in self._shown_authors
