"""Searches Bluesky for one tag with an app password. Translates by bluesky_post, stores nothing.

Facts: the lexicon app.bsky.feed.searchPosts, which wants an account on Bluesky's own servers. Light
enough for a venue's line; deletions are found by asking for the posts again (`check`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2s
from typing import TYPE_CHECKING, Self

import msgspec

from wall.sources.base import Batch, Incoming, Known
from wall.sources.bluesky_api import decoded, posts, server_of, tag_of
from wall.sources.bluesky_post import gone, moment, of_view
from wall.sources.bluesky_session import Sessions, account_of
from wall.sources.bluesky_shapes import View, each, read
from wall.sources.choice import also_read
from wall.sources.pacing import pause_s

if TYPE_CHECKING:
    from wall.egress import Egress

SERVICE = "https://bsky.social"
FIRST_PAGE = 25  # posts
PAGE = 100  # posts; the most that is handed out at once
POLL_S = 15.0
CHECKED_AT_ONCE = 100  # four requests; eight if all are gone
MAX_TAGS = 4  # each is a question of its own
LATE = timedelta(minutes=15)  # a post may be found this long after its claimed time
MAX_SEEN = 500


class _Page(msgspec.Struct):
    posts: msgspec.Raw
    cursor: str | None = None


class _Round(msgspec.Struct):
    turn: str = ""
    places: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Place:
    """How far the tag was read: the cursor, read. Times are the network's, ISO, "" for none."""

    mark: str = ""  # everything up to here was seen
    until: str = ""  # while catching up: what is older than this is still to come
    top: str = ""  # while catching up: the mark when that is done
    seen: tuple[str, ...] = ()  # digests of what came lately, newest first

    @classmethod
    def read(cls, cursor: str) -> Self:
        """Empty or damaged: starts at the newest page."""
        place: Self = read(msgspec.Raw(cursor.encode()), cls, cls())
        sound = all(not at or _time(at) for at in (place.mark, place.until, place.top))
        return place if sound else cls()

    def __str__(self) -> str:
        return msgspec.json.encode(self).decode()


@dataclass(frozen=True, slots=True)
class Round:
    """How far each of several tags was read, and whose turn it is: they are asked one by one, for
    the network's search knows no "or". Of a single tag the cursor is its place alone.
    """

    tags: Sequence[str]
    turn: str
    places: Mapping[str, Place]

    @classmethod
    def read(cls, cursor: str, tags: Sequence[str]) -> Self:
        known: _Round = read(msgspec.Raw(cursor.encode()), _Round, _Round())
        places = {tag: Place.read(known.places.get(tag, "")) for tag in tags}
        if not known.places:
            places[tags[0]] = Place.read(cursor)
        return cls(tags, known.turn if known.turn in tags else tags[0], places)

    def after(self, place: Place) -> Self:
        turn = self.tags[(self.tags.index(self.turn) + 1) % len(self.tags)]
        return type(self)(self.tags, turn, {**self.places, self.turn: place})

    @property
    def catches_up(self) -> bool:
        return any(place.until for place in self.places.values())

    def __str__(self) -> str:
        if len(self.tags) == 1:
            return str(self.places[self.turn])
        places = {tag: str(place) for tag, place in self.places.items()}
        return msgspec.json.encode(_Round(self.turn, places)).decode()


class Bluesky:
    """config: "tag", "handle"; "service" and "appview" if they are not Bluesky's own. The token is
    an app password.

    Asked for what is newer than the mark, with a quarter of an hour's overlap. A full page is
    followed by older ones down to the mark, so nothing is left out however long we were away.
    """

    kind = "bluesky"

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._sessions = Sessions()

    async def fetch(
        self, config: Mapping[str, str], token: str, cursor: str, egress: Egress
    ) -> Batch:
        """The posts after `cursor`. Raises SourceError, permanent only for unusable settings."""
        now, tag = self._now(), tag_of(config)
        tags = [tag, *also_read(config, tag)][:MAX_TAGS]
        turns = Round.read(cursor, tags)
        tag, place = turns.turn, turns.places[turns.turn]
        query = [("q", f"#{tag}"), ("tag", tag), ("sort", "latest")]
        query.append(("limit", str(PAGE if place.mark else FIRST_PAGE)))
        if mark := _time(place.mark):
            query.append(("since", _iso(mark - LATE)))
        if place.until:
            query.append(("until", place.until))
        answer = await self._sessions.ask(
            egress,
            server_of(config, "service", SERVICE),
            "app.bsky.feed.searchPosts",
            query,
            account=account_of(config, token),
            now=now,
        )
        page = decoded(answer, _Page, now)
        found = [(_sort_time(view, now), view) for view in each(page.posts, View)]
        found.sort(key=lambda one: one[0])
        fresh = [(at, view) for at, view in found if _digest(view.uri) not in place.seen]
        following = turns.after(_after(place, found, fresh, more=bool(page.cursor)))
        usual_s = 0.0 if following.catches_up else POLL_S / len(tags)
        wait_s, rate_left = pause_s(answer, now, usual_s=usual_s)
        items = [of_view(view, now) for _at, view in fresh]
        return Batch(
            items=tuple(item for item in items if item is not None),
            cursor=str(following),
            wait_s=wait_s,
            rate_left=rate_left,
        )

    def check_at_once(self, config: Mapping[str, str]) -> int:
        return CHECKED_AT_ONCE

    async def check(
        self, config: Mapping[str, str], token: str, posts: Sequence[Known], egress: Egress
    ) -> Sequence[Incoming]:
        """Each of `posts` as everybody may see it now. Raises SourceError."""
        return await checked(config, posts, egress, self._now())


async def checked(
    config: Mapping[str, str], known: Sequence[Known], egress: Egress, now: datetime
) -> Sequence[Incoming]:
    """Each of `known` as it is now. What is missing is asked for twice before it is gone."""
    uris = {one.remote_id: one.key for one in known if one.remote_id}
    found = await posts(config, list(uris), egress, now)
    found |= await posts(config, [uri for uri in uris if uri not in found], egress, now)
    told: list[Incoming] = []
    for uri, key in uris.items():
        view = found.get(uri)
        if view is not None:
            told.append(of_view(view, now) or gone(key, now))
        elif uri not in found:
            told.append(gone(key, now))
    return told


def _after(
    place: Place,
    found: list[tuple[datetime, View]],
    fresh: list[tuple[datetime, View]],
    *,
    more: bool,
) -> Place:
    """Where the next question starts. There is more to catch up only while it brings news."""
    seen = tuple(
        dict.fromkeys([*(_digest(view.uri) for _at, view in reversed(fresh)), *place.seen])
    )
    newest = _iso(found[-1][0]) if found else ""
    top = max(place.top, place.mark, newest)
    oldest = _iso(found[0][0] + timedelta(milliseconds=1)) if found else ""
    if place.mark and more and fresh and (not place.until or oldest < place.until):
        return Place(place.mark, oldest, top, seen[:MAX_SEEN])
    return Place(top, seen=seen[:MAX_SEEN])


def _sort_time(view: View, now: datetime) -> datetime:
    """What the network sorts by: the claimed time, or that of its arrival if that was earlier."""
    arrived = moment(view.indexed_at, now) or now
    return min(moment(read(view.record.created_at, str, ""), now) or arrived, arrived)


def _time(iso: str) -> datetime | None:
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        return None


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _digest(uri: str) -> str:
    return blake2s(uri.encode(errors="replace"), digest_size=6).hexdigest()
