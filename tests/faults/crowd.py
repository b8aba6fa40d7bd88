"""Who is at a round: listeners, guests with their phones, moderators with their desks."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.faults.people import Field, Moderator, Person, Poster
from tests.faults.recording import Recording, Tape
from tests.faults.rig import Rig
from tests.stream_client import Options, StreamClient

PAGE = {"shared": ["wall", "programme"]}
PHONE = {**PAGE, "mine": ["mine"]}
DESK = {"shared": ["desk"]}
POSTERS_OF_B = 1
LISTENERS_OF_B = 2


@dataclass
class Listener:
    """A client, what describes it to the checker, its recording, and the task that runs it."""

    client: StreamClient
    about: Tape
    recording: Recording
    task: asyncio.Task[None]


class Crowd:
    """Fills a round; `random` decides who sits where."""

    def __init__(self, rig: Rig, shared: Field, source: random.Random) -> None:
        self.rig = rig
        self.field = shared
        self.random = source
        self.recordings = rig.directory / "recordings"
        self.listeners: list[Listener] = []
        self.people: list[Poster | Moderator] = []
        self._tapes: list[Recording] = []

    async def gather(self) -> None:
        """Everybody comes in, one after the other."""
        plan = self.rig.plan
        for event, listeners, posters, moderators in (
            ("A", plan.listeners, plan.posters, plan.moderators),
            ("B", LISTENERS_OF_B, POSTERS_OF_B, 1),
        ):
            for number in range(listeners):
                groups = self.random.choice([PAGE, {"shared": ["wall"]}])
                self._listen(f"wall-{event}-{number}", event, groups)
            for number in range(posters):
                await self._poster(f"poster-{event}-{number}", event)
            for number in range(moderators):
                await self._moderator(f"moderator-{event}-{number}", event, number)

    async def leave(self) -> None:
        """Close every connection and finish every recording with the last page."""
        for listener in self.listeners:
            listener.task.cancel()
        ends = await asyncio.gather(*(one.task for one in self.listeners), return_exceptions=True)
        for listener in self.listeners:
            listener.recording.finish(listener.client.replica)
        for person in self.people:
            await person.http.aclose()
        for tape in self._tapes:
            tape.finish()
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
                raise end

    async def _poster(self, name: str, event: str) -> None:
        poster = Poster(self.field, name, event, self._slug(event), self._tape(name, event))
        await poster.join(self.rig.events[event]["code"])
        self.people.append(poster)
        self._listen(f"phone-of-{name}", event, PHONE, person=poster)

    async def _moderator(self, name: str, event: str, number: int) -> None:
        moderator = Moderator(self.field, name, event, self._slug(event), self._tape(name, event))
        await moderator.sign_in(**self.rig.events[event]["moderators"][number])
        self.people.append(moderator)
        moderator.desk = self._listen(f"desk-of-{name}", event, DESK, person=moderator).client

    def _slug(self, event: str) -> str:
        slug: str = self.rig.events[event]["slug"]
        return slug

    def _tape(self, name: str, event: str) -> Recording:
        self._tapes.append(Recording(self.recordings, name, event=event))
        return self._tapes[-1]

    def _listen(
        self,
        name: str,
        event: str,
        groups: Mapping[str, Sequence[str]],
        *,
        person: Person | None = None,
    ) -> Listener:
        """One more client, at any of the processes, directly or through its proxy."""
        web = self.random.randrange(len(self.rig.webs))
        places = [self.rig.webs[web].port, self.rig.proxies[web].port]
        options = Options(
            port=self.random.choice(places),
            slug=self._slug(event),
            groups=groups,
            cookies=dict(person.http.cookies) if person else {},
            language=self.random.choice(["de", "en"]),
            start=self.random.choice(["page", "zero"]),
            seed=self.random.getrandbits(32),
        )
        poster = person.name if isinstance(person, Poster) else ""
        topics = [topic for names in groups.values() for topic in names]
        recording = Recording(self.recordings, name, event=event, topics=topics, poster=poster)
        client = StreamClient(options, recording)
        about = Tape(name, event, topics, 0.0, poster, [])
        listener = Listener(client, about, recording, asyncio.create_task(client.run()))
        self.listeners.append(listener)
        return listener
