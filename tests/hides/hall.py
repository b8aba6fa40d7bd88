"""Everybody in the hall of a run of hides: phones, writers, keepers, a source that never rests.

All in one event loop, against servers that run already. Judges nothing.
"""

import asyncio
import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from tests.hides.venue import SECRET, delivered
from tests.hides.verdict import Asked, Hide, Seen
from tests.stream_client import NO_TLS, Options, StreamClient
from wall.hook_secrets import sign

JSON = {"Accept": "application/json"}
LONGEST_S = 30.0  # until a post has come to a phone, or gone from all
BUSY = {429, 503}
AT_ONCE = 16  # posts in one delivery
NOTES_OF_A_GUEST = 8  # somebody else goes on then, or the server would ask for a rest


@dataclass
class Hall:
    """What all share. `known` is what tests.hides.venue printed; `pause_s` between two notes."""

    ports: Sequence[int]
    known: dict[str, Any]
    random: random.Random
    pause_s: float = 1.0
    hides: list[Hide] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    phones: list["Phone"] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def slug(self) -> str:
        return str(self.known["slug"])

    def base(self) -> str:
        return f"http://127.0.0.1:{self.random.choice(self.ports)}"

    def is_on_show(self, key: str) -> bool:
        return any(phone.is_showing(key) for phone in self.phones)

    async def pause(self, least_s: float, most_s: float) -> None:
        await asyncio.sleep(self.random.uniform(least_s, most_s))

    async def look_at(self, http: httpx.AsyncClient, picture: str) -> None:
        at = time.monotonic()
        answer = await http.get(f"{self.base()}/media/{picture}")
        if answer.status_code not in BUSY:
            self.asked.append(Asked(picture, at, answer.status_code))


class Phone:
    """A client of the wall that is cut off and comes back, at times as one that knows nothing."""

    def __init__(self, hall: Hall, number: int, watched: set[str]) -> None:
        self.hall = hall
        self.number = number
        self.lives = 0
        self.seen: list[Seen] = []
        self._watched = watched
        self._client = self._newcomer()

    def _newcomer(self) -> StreamClient:
        self.lives += 1
        self.seen.append(Seen(f"phone {self.number}.{self.lives}"))
        options = Options(
            port=self.hall.random.choice(self.hall.ports),
            slug=self.hall.slug,
            language=("de", "en")[self.number % 2],
            seed=self.number,
        )
        return StreamClient(options, recorder=self)

    def note(self, kind: str, **detail: Any) -> None:
        """Remember at once what this phone shows of the posts that are going to be hidden."""
        at = time.monotonic()
        if kind == "replace":
            keys = {item["key"] for item in detail["items"] if item["topic"] == "wall"}
            self.seen[-1].has_only(keys & self._watched, at)
        elif kind in ("apply", "remove") and detail["key"] in self._watched:
            change = self.seen[-1].shows if kind == "apply" else self.seen[-1].lost
            change(detail["key"], at)

    def is_showing(self, key: str) -> bool:
        return self.seen[-1].is_showing(key)

    async def live(self) -> None:
        """Until cancelled: a few seconds with a connection, at most two without."""
        while True:
            self.seen[-1].connected(time.monotonic())
            await self._connect_for(self.hall.random.uniform(2, 9))
            await self.hall.pause(0, 2)
            if self.hall.random.random() < 0.25:
                self.seen[-1].close(time.monotonic())
                self._client = self._newcomer()
            else:
                self._client.options.start = "zero"  # goes on where it was
                self._client.options.port = self.hall.random.choice(self.hall.ports)

    async def _connect_for(self, seconds: float) -> None:
        connection = asyncio.create_task(self._client.run())
        try:
            await asyncio.wait([connection], timeout=seconds)
        finally:
            self.seen[-1].cut(time.monotonic())  # from now on it hears nothing
            while not connection.done():
                # Again and again: what arrives in this very moment makes wait_for forget it.
                connection.cancel()
                await asyncio.wait([connection], timeout=0.05)
        if not connection.cancelled():
            await connection  # it has ended by itself: what went wrong is said

    async def stay(self) -> None:
        """Connect for good, with what it knows."""
        self._client.options.start = "zero"
        self.seen[-1].connected(time.monotonic())
        await self._client.run()


async def write(hall: Hall, guests: Sequence[dict[str, str]]) -> None:
    """Until cancelled: notes of one guest after another."""
    while True:
        for cookies in guests:
            async with _browser(cookies) as http:
                form = await _form(hall, http)
                for _ in range(NOTES_OF_A_GUEST):
                    words = {"text": f"Gruß {secrets.token_hex(4)}", "idempotency": _key()}
                    sent = await http.post(
                        f"{hall.base()}/{hall.slug}/notes", data=words, headers=form
                    )
                    hall.answers[f"note {sent.status_code}"] += 1
                    await hall.pause(0, 2 * hall.pause_s)


async def keep(hall: Hall, cookies: dict[str, str], posts: asyncio.Queue[dict[str, Any]]) -> None:
    """Show what waits, and take it down again a moment later, until nothing is left."""
    async with _browser(cookies) as http:
        form = await _form(hall, http)
        while not posts.empty():
            post = posts.get_nowait()
            await _tap(hall, http, form, post, "show")
            await _until(partial(hall.is_on_show, post["key"]))
            await hall.look_at(http, post["picture"])
            await hall.pause(0.2, 2)
            tapped = time.monotonic()
            await _tap(hall, http, form, post, "hide")
            hide = Hide(post["key"], post["picture"], tapped, time.monotonic())
            hall.hides.append(hide)
            await hall.look_at(http, post["picture"])


async def insist(hall: Hall) -> None:
    """Until cancelled: the source sends again what was hidden: as before, edited, deleted, anew."""
    ids = {post["key"]: post["id"] for post in hall.known["posts"] if post["id"]}
    sent = 0
    async with _browser({}) as http:
        while True:
            await hall.pause(0.5, 1.5)
            hidden = [ids[hide.key] for hide in hall.hides[sent:][:AT_ONCE] if hide.key in ids]
            sent = min(len(hall.hides), sent + AT_ONCE)
            for posts in _stories(hall, hidden):
                await _deliver(hall, http, posts)


async def insist_once_more(hall: Hall) -> None:
    """When all is hidden, the source has the last word of what came from it last."""
    hidden = {hide.key for hide in hall.hides}
    own = [post["id"] for post in hall.known["posts"] if post["id"] and post["key"] in hidden]
    async with _browser({}) as http:
        for posts in _stories(hall, own[-AT_ONCE:]):
            await _deliver(hall, http, posts)


def _stories(hall: Hall, hidden: Sequence[str]) -> list[list[dict[str, Any]]]:
    """Three deliveries: what a source may still say of posts that a keeper has taken down."""
    again = [delivered(name) for name in hidden]
    edited = [delivered(name, f"Bild {name}, neu beschriftet") for name in hidden]
    gone = [delivered(name) | {"gone": hall.random.random() < 0.5} for name in hidden]
    return [again, edited, gone, again] if hidden else []


async def _deliver(hall: Hall, http: httpx.AsyncClient, posts: list[dict[str, Any]]) -> None:
    body = json.dumps({"posts": posts}).encode()
    at, nonce = str(int(time.time())), _key()
    signature = sign(SECRET, at, nonce, body)
    headers = {"Content-Type": "application/json", "Eventhub-Timestamp": at}
    headers |= {"Eventhub-Nonce": nonce, "Eventhub-Signature": signature}
    address = f"{hall.base()}/api/v1/hooks/{hall.known['hook']}"
    answer = await http.post(address, content=body, headers=headers)
    hall.answers[f"delivery {answer.status_code}"] += 1


async def _tap(
    hall: Hall, http: httpx.AsyncClient, form: dict[str, str], post: dict[str, Any], what: str
) -> None:
    address = f"/{hall.slug}/desk/posts/{post['key']}/{what}"
    while True:
        answer = await http.post(hall.base() + address, headers=form)
        hall.answers[f"{what} {answer.status_code}"] += 1
        if answer.status_code == 200:
            return
        if answer.status_code not in BUSY:
            raise RuntimeError(f"{what} was answered {answer.status_code}: {answer.text[:300]}")
        await asyncio.sleep(min(1.0, float(answer.headers["Retry-After"])))


async def run(hall: Hall, *, clients: int, writers: int, keepers: int) -> None:
    """All posts of the hall are shown and hidden; afterwards `hall` holds what everybody saw."""
    watched = {post["key"] for post in hall.known["posts"]}
    hall.phones += [Phone(hall, number, watched) for number in range(clients)]
    posts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    for post in hall.random.sample(hall.known["posts"], len(watched)):
        posts.put_nowait(post)
    guests = hall.known["guests"]
    others = [write(hall, guests[number::writers]) for number in range(writers)]
    async with _Meanwhile([phone.live() for phone in hall.phones]):
        async with _Meanwhile([*others, insist(hall)]) as unrest, asyncio.TaskGroup() as taps:
            for cookies in hall.known["keepers"][:keepers]:
                taps.create_task(unrest.unless_broken(keep(hall, cookies, posts)))
        await insist_once_more(hall)
        newcomers = [Phone(hall, clients + number, watched) for number in range(2)]
        hall.phones += newcomers
    async with _Meanwhile([phone.stay() for phone in hall.phones]):
        await asyncio.sleep(1)
        await _until(lambda: not any(hall.is_on_show(hide.key) for hide in hall.hides))
    async with _browser({}) as http:
        for hide in hall.hides:
            await hall.look_at(http, hide.picture)


async def _until(is_so: Callable[[], bool]) -> None:
    """Or until a long time is over: what did not come true then is for the judge."""
    end = time.monotonic() + LONGEST_S
    while not is_so() and time.monotonic() < end:
        await asyncio.sleep(0.05)


class _Meanwhile:
    """Runs `what` in the background of a block; whoever of them fails breaks the block off."""

    def __init__(self, what: Sequence[Coroutine[Any, Any, None]]) -> None:
        self._what = what

    async def __aenter__(self) -> "_Meanwhile":
        self._tasks = [asyncio.create_task(one) for one in self._what]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        for told in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(told, Exception):
                raise told

    async def unless_broken(self, deed: Coroutine[Any, Any, None]) -> None:
        own = asyncio.create_task(deed)
        done, _ = await asyncio.wait([own, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        if own not in done:
            own.cancel()
            raise RuntimeError("somebody in the hall has given up")
        await own


def _browser(cookies: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        cookies=cookies, headers=JSON, timeout=15, trust_env=False, verify=NO_TLS
    )


async def _form(hall: Hall, http: httpx.AsyncClient) -> dict[str, str]:
    """The headers with which this browser sends forms. The cookies hold for every port."""
    token = (await http.get(f"{hall.base()}/{hall.slug}/me")).json()["csrf"]
    return {"X-CSRFToken": token}


def _key() -> str:
    return secrets.token_urlsafe(16)
