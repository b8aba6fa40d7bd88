"""What goes on at an event, in numbers, for whoever runs it. Counts; changes nothing.

A guest is counted once they have done something: a scan alone leaves no row.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from agenda.models import Answer, Attendee, Event, User
from wall.models import Post, Screen

LATELY = timedelta(minutes=10)
SLOW = timedelta(minutes=5)  # a post that waits longer makes the wall look asleep


@dataclass(frozen=True, slots=True)
class Numbers:
    """All of it at one moment."""

    guests: int = 0
    active: int = 0  # of them in the last ten minutes
    states: Counter[str] = field(default_factory=Counter)  # posts by state
    networks: list[tuple[str, int]] = field(default_factory=list)  # shown posts, most first
    waits_for: timedelta | None = None  # the oldest waiting post
    answers: list[tuple[str, int]] = field(default_factory=list)  # by question, in their order
    deciding: list[str] = field(default_factory=list)  # who decided in the last ten minutes
    screens: int = 0

    @property
    def waiting(self) -> int:
        return self.states[Post.State.PENDING]

    @property
    def shown(self) -> int:
        return self.states[Post.State.SHOWN]

    @property
    def not_shown(self) -> int:
        return self.states[Post.State.HIDDEN]

    @property
    def withdrawn(self) -> int:
        return self.states[Post.State.WITHDRAWN]

    @property
    def all_answers(self) -> int:
        return sum(count for _, count in self.answers)

    @property
    def waits_minutes(self) -> int:
        """Whole minutes."""
        return 0 if self.waits_for is None else int(self.waits_for.total_seconds() // 60)

    @property
    def is_slow(self) -> bool:
        return self.waits_for is not None and self.waits_for > SLOW


def numbers(event: Event, at: datetime) -> Numbers:
    """What goes on at `at` (aware). Six queries, whatever there is."""
    since = at - LATELY
    posts = Post.objects.filter(event=event)
    states: Counter[str] = Counter()
    networks: Counter[str] = Counter()
    waiting_since: list[datetime] = []
    found = (
        posts.order_by().values_list("state", "network").annotate(Count("pk"), Min("received_at"))
    )
    for state, network, count, oldest in found:
        states[state] += count
        if state == Post.State.SHOWN:
            networks[network] += count
        if state == Post.State.PENDING:
            waiting_since.append(oldest)
    guests = Attendee.objects.filter(event=event)
    lately = Q(created_at__gt=since) | Q(post__received_at__gt=since)
    by_question = dict(
        Answer.objects.filter(event=event).order_by().values_list("question").annotate(Count("pk"))
    )
    deciding = User.objects.filter(decision__event=event, decision__at__gt=since).distinct()
    return Numbers(
        guests=guests.count(),
        active=guests.filter(lately).distinct().count(),
        states=states,
        networks=networks.most_common(),
        waits_for=max(at - min(waiting_since), timedelta()) if waiting_since else None,
        answers=[(str(q.label), by_question.get(q.value, 0)) for q in Answer.Question],
        deciding=[user.spoken_name() for user in deciding.order_by("first_name", "pk")],
        screens=Screen.objects.filter(event=event, revoked_at=None).count(),
    )
