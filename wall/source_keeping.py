"""Add, change, pause and remove the sources of an event. Asks no server and knows no requests.

A secret goes only to the server it was typed in for, and is never told to anybody again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from agenda.models import Event, User
from eventhub.live.log import Log, changing
from wall import actions, hook_secrets, orphans
from wall.models import Action, Source

MAX_SOURCES = 20  # of one event
HOOK = "hook"


class SourceRefused(Exception):
    """`message` says in one sentence why nothing was done."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class SourceChanged(SourceRefused):
    """Somebody else was quicker: what is there now is to be looked at first."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a source shall be. `token` None leaves the stored secret as it is."""

    name: str
    config: Mapping[str, str]
    token: str | None = None
    mode: str = ""
    budget: int = 30
    languages: Sequence[str] = field(default_factory=list)
    include_tags: Sequence[str] = field(default_factory=list)
    exclude_tags: Sequence[str] = field(default_factory=list)


def add(event: Event, kind: str, wish: Wish, *, by: User | None) -> Source:
    """A new source, read from now on. SourceRefused when there are many."""
    with changing(event) as log:
        if Source.objects.filter(event=event).count() >= MAX_SOURCES:
            raise SourceRefused(_("20 sources are enough for one event. Remove one first."))
        source = Source(event=event, adapter=kind)
        _take_over(source, wish)
        source.token = wish.token or ""
        log.add(source)
        _record(log, "add_source", source, by)
    return source


def change(source: Source, wish: Wish, *, seen: str, by: User | None) -> Source:
    """`source` as it shall be; `seen` is the mark of how it was. SourceChanged if it is not.

    Another place is read from its newest page on. Of another server the posts of the former one
    leave as when it is removed: their names mean nothing there.
    """
    with changing(source.event_id) as log:
        fresh = _fresh(log, source)
        if seen != mark_of(fresh):
            words = _("Somebody has changed this source in the meantime. Look at it, then save.")
            raise SourceChanged(words)
        moved = wish.config.get("server") != fresh.config.get("server")
        before = Source.objects.get(pk=fresh.pk) if moved else None
        newest = orphans.newest_of(fresh) if moved else 0
        if dict(wish.config) != fresh.config:
            fresh.cursor = ""
            fresh.lag_s = fresh.rate_left = None
        _take_over(fresh, wish)
        if wish.token is not None:
            fresh.token = wish.token
        _begin_anew(fresh)
        log.touch(fresh)
        action = _record(log, "change_source", fresh, by)
    if before is not None:
        orphans.leave(action, before, newest=newest, by=by)
    return fresh


def pause(source: Source, *, by: User | None) -> bool:
    """Ask `source` no more and take nothing from it. False if it was paused already."""
    with changing(source.event_id) as log:
        fresh = _fresh(log, source)
        if fresh.paused:
            return False
        fresh.paused, fresh.streaming = True, False
        log.touch(fresh)
        _record(log, "pause_source", fresh, by)
    return True


def go_on(source: Source, *, by: User | None) -> bool:
    """Read `source` again, from where it was left. False if nothing held it back."""
    with changing(source.event_id) as log:
        fresh = _fresh(log, source)
        if not fresh.paused and fresh.state != Source.State.STOPPED:
            return False
        fresh.paused = False
        _begin_anew(fresh)
        log.touch(fresh)
        _record(log, "go_on_source", fresh, by)
    return True


def remove(source: Source, *, by: User | None) -> int:
    """Take `source` away with its secret, and its posts from every screen: nobody could say any
    more that one of them was deleted. How many left; none that another source can answer for.
    """
    with changing(source.event_id) as log:
        fresh = _fresh(log, source)
        fresh.paused, fresh.streaming = True, False  # so that nothing comes while its posts go
        log.touch(fresh)
        action = _record(log, "remove_source", fresh, by)
        newest = orphans.newest_of(fresh)
    left = orphans.leave(action, fresh, newest=newest, by=by)
    with changing(source.event_id) as log:
        log.remove(_fresh(log, source))
    return left


def new_secret(source: Source, *, by: User | None) -> str:
    """Another secret for a webhook, to be read once. The former one holds for a day more."""
    with changing(source.event_id) as log:
        fresh = _fresh(log, source)
        fresh.token, secret = hook_secrets.renewed(fresh.token)
        log.touch(fresh)
        _record(log, "renew_secret", fresh, by)
    return secret


def take_pause_back(action: Action, *, by: User | None) -> None:
    """Undo of a pause; nothing if the source is gone or reads again."""
    if (source := _of(action)) is not None:
        go_on(source, by=by)


def pause_again(action: Action, *, by: User | None) -> None:
    if (source := _of(action)) is not None:
        pause(source, by=by)


def mark_of(source: Source) -> str:
    """The same as long as nobody changes what organizers set; reading changes nothing of it."""
    said: list[Any] = [source.name, source.config, source.mode, source.budget, source.languages]
    said += [source.include_tags, source.exclude_tags, source.token_sealed]
    text = json.dumps(said, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _of(action: Action) -> Source | None:
    return Source.objects.filter(event=action.event_id, pk=action.undo.get("source")).first()


def _fresh(log: Log, source: Source) -> Source:
    try:
        return log.fresh(source)
    except Source.DoesNotExist:
        raise SourceChanged(_("Somebody has just removed this source.")) from None


def _take_over(source: Source, wish: Wish) -> None:
    source.name, source.config = wish.name, dict(wish.config)
    source.mode, source.budget = wish.mode, wish.budget
    source.languages = list(wish.languages)
    source.include_tags, source.exclude_tags = list(wish.include_tags), list(wish.exclude_tags)


def _begin_anew(source: Source) -> None:
    source.state, source.error, source.next_try_at = Source.State.NEW, "", None


def _record(log: Log, verb: str, source: Source, by: User | None) -> Action:
    return actions.record(log, verb, by=by, about=source.name, undo={"source": source.pk})
