"""Steps against a storm, and what is put on the screens by hand: taken, lifted, standing.

A step stands while its row does. It changes what is drawn, never what a post is. Logo and freeze
may be taken on one screen alone; what is written on screens is `wall.notices`.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall import actions
from wall.models import Action, Post, Screen, Step
from wall.models.post import WALL_WINDOW, PostQuerySet

What = Step.What
STORM = (What.BRAKE, What.CLEAR, What.LOGO)  # from the mildest to the last
BY_SCREEN = (What.LOGO, What.FREEZE)  # also on one screen alone
SPOTLIGHT_S = 30
LONGEST_SPOTLIGHT_S = 600
TO_SESSIONS = 1000  # posts that may stand on pages of sessions beside the wall's own window


class StepRefused(Exception):
    """A post that cannot stand alone on the screens; `message` says why."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def take(event: Event, what: str, *, by: User | None, screen: Screen | None = None) -> Step:
    """`what` stands from now on. Taken twice it is the first one: since when, and by whom.

    `screen`: on this one alone, beside what stands on all of them. Leeren also ends the spotlight,
    and takes the posts off every wall that is open somewhere.
    """
    if what not in STORM and what not in BY_SCREEN:
        raise ValueError(f"{what!r} is no step against a storm.")
    _check(event, what, screen)
    with changing(event) as log:
        if (known := row_of(event, what, screen)) is not None:
            return known
        step = log.add(Step(event=event, what=what, screen=screen, by=by))
        if what == What.CLEAR:
            _end_spotlight(log, event)
            _draw_walls_anew(log, event)
        actions.record(log, what, by=by, about=_where(screen), undo=_place(screen))
    return step


def lift(event: Event, what: str, *, by: User | None, screen: Screen | None = None) -> bool:
    """`what` stands no longer; the wall is as it would be without it. False if it did not stand."""
    with changing(event) as log:
        step = row_of(event, What(what), screen)
        if step is None:
            return False
        log.remove(step)
        if what == What.CLEAR:
            _draw_walls_anew(log, event)
        if what != What.SPOTLIGHT:
            label = str(What(what).label)
            about = f"{label}, {screen.name}" if screen is not None else label
            undo = {"what": what} | _place(screen)
            actions.record(log, "lift", by=by, about=about, undo=undo)
    return True


def take_back(action: Action, *, by: User | None) -> None:
    """Undo a step from the log of deeds; harmless if somebody has lifted it since."""
    screen, gone = screen_of(action)
    if not gone:
        lift(action.event, action.verb, by=by, screen=screen)


def take_again(action: Action, *, by: User | None) -> None:
    """Undo the lifting of a step; harmless if its screen is gone."""
    screen, gone = screen_of(action)
    if not gone:
        take(action.event, action.undo["what"], by=by, screen=screen)


def spotlight(post: Post, *, by: User | None, seconds: int = SPOTLIGHT_S) -> Step:
    """`post` stands alone on the screens for `seconds`, instead of any other that does.

    StepRefused for what does not stand on the wall, and while the wall is cleared.
    """
    if not 5 <= seconds <= LONGEST_SPOTLIGHT_S:
        raise ValueError("A spotlight lasts 5 to 600 seconds.")
    with changing(post.event_id) as log:
        post = log.fresh(post)
        if post.state != Post.State.SHOWN:
            raise StepRefused(_("This post is not on the wall."))
        if Step.objects.taken(post.event_id, What.CLEAR):
            raise StepRefused(_("The wall is cleared. End that first."))
        now = timezone.now()
        step = row_of(post.event, What.SPOTLIGHT) or Step(event=post.event, what=What.SPOTLIGHT)
        step.post, step.by, step.since = post, by, now
        step.until = now + timedelta(seconds=seconds)
        if step.pk is None:
            log.add(step)
        else:
            log.touch(step)
        actions.record(log, "spotlight", by=by, about=post.author_handle or post.author_name)
    return step


def standing(event: Event) -> dict[str, Step]:
    """What stands now on all screens, by its name. One query."""
    rows = Step.objects.filter(event=event, screen=None).select_related("by", "post", "event")
    return {step.what: step for step in rows.filter(lasting(timezone.now()))}


def end_due(at: datetime) -> int:
    """Spotlights whose time is over at `at` are lifted, of every event. How many."""
    over = Step.objects.filter(until__lte=at).select_related("event")
    return sum(_end(step.event, at) for step in over)


def on_walls(posts: PostQuerySet) -> PostQuerySet:
    """Those of `posts` that may stand on screens and public walls: none while it is cleared."""
    cleared = Step.objects.filter(event=OuterRef("event_id"), what=What.CLEAR)
    return posts.shown().exclude(Exists(cleared))


def row_of(event: Event, what: str, screen: Screen | None = None) -> Step | None:
    """Read with the log open: nobody else takes or lifts it meanwhile."""
    rows = Step.objects.filter(event=event, what=what, screen=screen)
    return rows.select_related("by", "post", "screen").first()


def lasting(at: datetime) -> Q:
    return Q(until=None) | Q(until__gt=at)


def screen_of(action: Action) -> tuple[Screen | None, bool]:
    """On which screen a deed was done, None for all; and whether that one is signed off."""
    number = action.undo.get("screen")
    found = Screen.objects.filter(event=action.event_id, pk=number, revoked_at=None).first()
    return found, number is not None and found is None


def _check(event: Event, what: str, screen: Screen | None) -> None:
    if screen is None:
        return
    if screen.event_id != event.pk:
        raise ValueError("This screen is of another event.")
    if what not in BY_SCREEN:
        raise ValueError(f"{what!r} concerns all screens.")


def _where(screen: Screen | None) -> str:
    return screen.name if screen is not None else ""


def _place(screen: Screen | None) -> dict[str, int]:
    return {"screen": screen.pk} if screen is not None else {}


def _end(event: Event, at: datetime) -> bool:
    with changing(event) as log:
        step = Step.objects.filter(event=event, until__lte=at).first()
        if step is None:
            return False
        log.remove(step)
    return True


def _end_spotlight(log: Log, event: Event) -> None:
    if (step := row_of(event, What.SPOTLIGHT)) is not None:
        log.remove(step)


def _draw_walls_anew(log: Log, event: Event) -> None:
    """Tell every post that an open page may show: the wall's window, and those of sessions."""
    shown = Post.objects.filter(event=event).select_related("attendee").shown()
    to_sessions = shown.filter(session__isnull=False).newest(TO_SESSIONS)
    found = {post.pk: post for post in [*shown.newest(WALL_WINDOW), *to_sessions]}
    log.touch_all([post for post in found.values() if not log.has_told(post)], [])
