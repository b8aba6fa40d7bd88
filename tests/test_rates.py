"""On a real server: a hall behind one address joins and writes, and one who floods is slowed alone.

No assertion asks how long anything took: what counts is who was refused.
"""

import asyncio
import itertools
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.aide import Copied
from tests.conftest import SWEEP
from tests.processes import Installation, Served
from tests.ready_made import furnish
from tests.stream_client import NO_TLS

# Its server brings its own SQLite: once is enough.
pytestmark = [pytest.mark.processes, pytest.mark.sqlite]

PHONES = 300
# Known guests are counted one by one: these read and ask, the others only join and write, which
# is what one address and one event are counted for.
READERS = PHONES if SWEEP else 30
AT_A_TIME = 60  # requests under way; the gate lets 24 in and keeps 200 waiting
FLOOD_PER_SECOND = 200
OTHERS = 12  # who come while one floods


@pytest.fixture
def served(tmp_path: Any) -> Iterator[Served]:
    """A server that has just started: nobody has been counted yet."""
    installation = Installation(tmp_path)
    events = furnish(installation, "tests.faults.setup_events")
    with Copied(installation, web_only=True) as server:
        server.event = events["A"]  # type: ignore[attr-defined]
        yield server


class Hall:
    """All phones of one address, and what the server answered to each kind of request."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.event: dict[str, str] = served.event  # type: ignore[attr-defined]
        self.slug = self.event["slug"]
        self.room = asyncio.Semaphore(AT_A_TIME)
        self.answers: Counter[tuple[str, int]] = Counter()
        self.waits: set[int] = set()  # what those who were slowed were told

    def phone(self, **headers: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.served.url,
            timeout=60,
            trust_env=False,
            headers=headers,
            verify=NO_TLS,
        )

    async def ask(self, what: str, request: Any) -> httpx.Response:
        async with self.room:
            answer: httpx.Response = await request()
        self.answers[what, answer.status_code] += 1
        return answer

    async def guest(self, *, reads: bool = True) -> None:
        """Scans the code, reads the wall, asks who one is, writes a note.

        Who does not read brings a CSRF token of their own, as any browser might.
        """
        async with self.phone(Accept="application/json") as phone:
            await self.ask("join", lambda: phone.get(f"/{self.event['code']}"))
            csrf = secrets.token_hex(16)
            if reads:
                await self.ask("wall", lambda: phone.get(f"/{self.slug}/wall/"))
                known = await self.ask("me", lambda: phone.get(f"/{self.slug}/me"))
                csrf = known.json()["csrf"]
            else:
                phone.cookies.set("csrf", csrf)
            note = {"text": "A note of mine", "idempotency": secrets.token_urlsafe(16)}
            token = {"X-CSRFToken": csrf}
            await self.ask(
                "note", lambda: phone.post(f"/{self.slug}/notes", data=note, headers=token)
            )

    async def flood(self, path: str, *, joined: bool, connections: int, lies: bool = False) -> None:
        """One client, until it is cancelled; `lies`: each request names another address."""
        numbers = itertools.count()

        async def ask(phone: httpx.AsyncClient) -> None:
            number = next(numbers)
            header = {"X-Forwarded-For": f"203.0.113.{number % 250}"} if lies else {}
            answer = await phone.get(path, headers=header)
            self.answers["flood", answer.status_code] += 1
            if answer.status_code == 429:
                self.waits.add(int(answer.headers["Retry-After"]))

        async with self.phone() as phone:
            phone._transport = httpx.AsyncHTTPTransport(
                verify=NO_TLS, limits=httpx.Limits(max_connections=connections)
            )
            if joined:
                await phone.get(f"/{self.event['code']}")
            under_way: set[asyncio.Task[None]] = set()
            while True:
                while len(under_way) < 4 * connections:
                    under_way.add(asyncio.create_task(ask(phone)))
                _, under_way = await asyncio.wait(
                    under_way, timeout=1 / FLOOD_PER_SECOND, return_when="FIRST_COMPLETED"
                )
                await asyncio.sleep(1 / FLOOD_PER_SECOND)


def refused(answers: Counter[tuple[str, int]], *, flood: bool) -> int:
    return sum(
        count
        for (what, status), count in answers.items()
        if status >= 400 and (what == "flood") == flood
    )


async def test_three_hundred_phones_of_one_address_join_and_write(served: Served) -> None:
    hall = Hall(served)

    every = PHONES // READERS
    await asyncio.gather(*(hall.guest(reads=number % every == 0) for number in range(PHONES)))

    assert hall.answers == {
        ("join", 302): PHONES,
        ("wall", 200): READERS,
        ("me", 200): READERS,
        ("note", 201): PHONES,
    }


@pytest.mark.parametrize(
    ("path", "joined", "connections", "lies"),
    [
        ("/event-a/wall/", True, 4, False),
        # What is kept in memory costs a tenth.
        pytest.param("/event-a/wall/", False, 1, False, marks=pytest.mark.sweep),
        pytest.param("/event-a/", True, 4, True, marks=pytest.mark.sweep),
        ("/ZZZZZZ", False, 1, True),
    ],
)
async def test_who_floods_is_slowed_alone(
    served: Served, path: str, joined: bool, connections: int, lies: bool
) -> None:
    hall = Hall(served)
    flood = asyncio.create_task(hall.flood(path, joined=joined, connections=connections, lies=lies))
    async with asyncio.timeout(120):  # until the flood has used up what anybody may ask at once
        while not hall.answers["flood", 429]:
            await asyncio.sleep(0.05)

    await asyncio.gather(*(hall.guest() for _ in range(OTHERS)))

    flood.cancel()
    await asyncio.gather(flood, return_exceptions=True)
    assert refused(hall.answers, flood=False) == 0
    assert hall.answers["note", 201] == OTHERS
    assert min(hall.waits) >= 1
    assert hall.answers["flood", 200] + hall.answers["flood", 404] > 0  # it was let in at first
