"""Fetch pictures of posts, faces and emoji from their servers, and keep them drawn anew.

The original is never kept and never served. A slow, lying or heavy server keeps only its own
pictures waiting. Refuses whatever `wall/egress.py` and the child of `wall/photo_check.py` refuse.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import Error
from django.db.models import Q
from django.utils import timezone

from eventhub.live.executor import DatabaseThreads
from eventhub.live.log import changing
from wall import photos, pictures
from wall.egress import Egress, EgressError, EgressRefused
from wall.models import Author, Picture, Post
from wall.photo_check import EMOJI, FACE, MAX_UPLOAD_BYTES, MIB, PHOTO, PhotoRefused, Shape, check

log = logging.getLogger(__name__)

AT_ONCE = 4
AT_ONCE_OF_SERVER = 2
LOOKED_AT = 200  # wanted pictures among which those of a busy server do not hide the others
TRIES = 4
FIRST_RETRY_S = 10.0
LONGEST_RETRY_S = 600.0
REDRAWN = 40  # posts of one author, or with one emoji, that are drawn anew at once
SHAPES: dict[str, Shape] = {"media": PHOTO, "face": FACE, "emoji": EMOJI}
MAX_BYTES = {"media": MAX_UPLOAD_BYTES, "face": 2 * MIB, "emoji": MIB // 2}
LATER = {"photo_busy", "photo_no_room", "photo_slow"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture to be fetched: the number of its row, its role, where it lies."""

    number: int
    role: str
    url: str

    @property
    def server(self) -> str:
        return urlsplit(self.url).netloc


class NotYet(Exception):
    """Not to be had now; its argument is after how many seconds to ask again, None for whenever."""


class Never(Exception):
    """Not to be had at all."""


class Fetcher:
    """Keeps a few fetches going; `look` begins more, and never waits for one."""

    def __init__(self, egress: Egress, database: DatabaseThreads) -> None:
        self.egress = egress
        self._database = database
        self._running: dict[int, asyncio.Task[None]] = {}
        self._of_server: Counter[str] = Counter()

    async def look(self) -> None:
        """Begin what is due, as far as there is room, here and at its server."""
        if len(self._running) >= AT_ONCE:
            return
        for wanted in await self._database.run("media", due, timezone.now(), set(self._running)):
            if len(self._running) >= AT_ONCE:
                return
            if self._of_server[wanted.server] < AT_ONCE_OF_SERVER:
                self._of_server[wanted.server] += 1
                self._running[wanted.number] = asyncio.create_task(self._fetch(wanted))

    async def settle(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._running.values())

    def cancel(self) -> None:
        for task in self._running.values():
            task.cancel()

    async def _fetch(self, wanted: Wanted) -> None:
        try:
            await self._try(wanted)
        except Error as error:
            log.warning("picture not stored", extra={"error": type(error).__name__})
        except Exception:  # whatever a stranger's answer makes of us, the others go on
            log.exception("picture failed", extra={"picture": wanted.number})
            await self._database.run("media", give_up, wanted.number)
        finally:
            self._running.pop(wanted.number, None)
            self._of_server[wanted.server] -= 1
            self._of_server += Counter()  # forgets servers of which nothing is under way

    async def _try(self, wanted: Wanted) -> None:
        try:
            stored = await asyncio.to_thread(_drawn, wanted, await self._bytes(wanted))
        except NotYet as later:
            await self._database.run("media", put_off, wanted.number, later.args[0])
        except Never:
            await self._database.run("media", give_up, wanted.number)
        else:
            if not await self._database.run("media", keep, wanted.number, stored):
                await asyncio.to_thread(photos.remove_file, stored.key)

    async def _bytes(self, wanted: Wanted) -> bytes:
        try:
            answer = await self.egress.get(wanted.url, max_bytes=MAX_BYTES[wanted.role])
        except EgressRefused as error:
            raise Never from error
        except EgressError as error:
            raise NotYet(None) from error
        if answer.status == 429 or answer.status >= 500:
            said = answer.headers.get("retry-after", "")
            known = said.isascii() and said.isdigit() and len(said) < 9
            raise NotYet(min(float(said), LONGEST_RETRY_S) if known else None)
        if answer.status != 200:
            raise Never
        return answer.body


def _drawn(wanted: Wanted, body: bytes) -> photos.StoredPhoto:
    """The picture as a file of ours. Takes a child's time: not in the loop, with no change open."""
    try:
        return photos.store(check(body, shape=SHAPES[wanted.role], fetched=True))
    except PhotoRefused as error:
        raise (NotYet(None) if error.code in LATER else Never) from error


# --- the rows


def due(at: datetime, without: set[int]) -> Sequence[Wanted]:
    """What is to be fetched now, what was wanted first foremost. One query.

    Of posts those that wait: the desk has to see a picture before the hall does.
    """
    seen = Q(post__state=Post.State.PENDING) | ~Q(role=Picture.Role.MEDIA)
    time = Q(next_try_at=None) | Q(next_try_at__lte=at)
    rows = Picture.objects.filter(seen, time, state=Picture.State.WANTED).exclude(pk__in=without)
    found = rows.order_by("pk").values_list("pk", "role", "url")[:LOOKED_AT]
    return [Wanted(*row) for row in found]


def put_off(number: int, seconds: float | None) -> None:
    """Try again later, ever later, and not for ever."""
    picture = Picture.objects.filter(pk=number, state=Picture.State.WANTED).first()
    if picture is None:
        return
    picture.tries += 1
    if picture.tries >= TRIES:
        give_up(number)
        return
    growing_s = min(FIRST_RETRY_S * 6 ** (picture.tries - 1), LONGEST_RETRY_S)
    wait = timedelta(seconds=growing_s if seconds is None else max(seconds, 1.0))
    again_at = timezone.now() + wait
    Picture.objects.filter(pk=number).update(tries=picture.tries, next_try_at=again_at)
    # Nor are its server's others asked for before: it has enough to do, or is not there.
    server = picture.url[: picture.url.find("/", 8) + 1]
    others = Picture.objects.filter(state=Picture.State.WANTED, url__startswith=server)
    others.exclude(next_try_at__gt=again_at).update(next_try_at=again_at)


def give_up(number: int) -> None:
    """The post goes without. Told, for the desk says that a picture is coming."""
    picture = Picture.objects.filter(pk=number, state=Picture.State.WANTED).first()
    if picture is None:
        return
    with changing(picture.event_id) as opened:
        Picture.objects.filter(pk=number).update(state=Picture.State.FAILED, next_try_at=None)
        if picture.role == Picture.Role.MEDIA:
            for post in _showing(picture):
                opened.touch(opened.fresh(post))


def keep(number: int, stored: photos.StoredPhoto) -> bool:
    """The file is there: say so on every page. False if nobody wants the picture any more.

    What a person has shown without having seen this picture, stays without it.
    """
    found = Picture.objects.filter(pk=number).first()
    if found is None:
        return False
    with changing(found.event_id) as opened:
        wanted = Picture.objects.filter(pk=number, state=Picture.State.WANTED)
        picture = wanted.select_related("author", "post").select_for_update(of=("self",)).first()
        if picture is None:
            return False
        if _unseen_on_the_wall(picture):
            picture.state = Picture.State.DROPPED
            picture.save(update_fields=["state"])
            return False
        picture.key, picture.state, picture.next_try_at = stored.key, Picture.State.KEPT, None
        picture.width, picture.height = stored.width, stored.height
        picture.save()
        for post in map(opened.fresh, _showing(picture)):
            if picture.role != Picture.Role.EMOJI or pictures.dress(post, picture):
                opened.touch(post)
    return True


def _unseen_on_the_wall(picture: Picture) -> bool:
    if picture.role == Picture.Role.MEDIA:
        return picture.post is None or picture.post.state != Post.State.PENDING
    if picture.role == Picture.Role.FACE:
        author = picture.author
        if author is None:
            return True
        approved = author.posts.shown().filter(decided_by__isnull=False)
        return author.standing != Author.Standing.TRUSTED and approved.exists()
    return False


def _showing(picture: Picture) -> list[Post]:
    """The posts on which it stands, newest first, as many as one change may touch."""
    posts = Post.objects.filter(event_id=picture.event_id).exclude(state=Post.State.WITHDRAWN)
    if picture.role == Picture.Role.MEDIA:
        posts = posts.filter(pictures=picture)
    elif picture.role == Picture.Role.FACE:
        posts = posts.filter(author=picture.author_id).exclude(state=Post.State.HIDDEN)
    else:
        posts = posts.filter(text__contains=f":{picture.name}:")
    return list(posts.order_by("-pk")[:REDRAWN])
