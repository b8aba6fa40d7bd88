"""Posters and moderators over HTTP: every command is in the journal before it is sent."""

from __future__ import annotations

import asyncio
import random
import re
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.journal import Journal, new_canary
from tests.faults.recording import Recording
from tests.stream_client import NO_TLS, StreamClient

ANSWERS = {200, 201, 409, 429, 503}  # what a command may be answered with, whatever dies
RETRY = {429, 503}
CSRF_FIELD = re.compile(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"')
STATE = re.compile(r'data-state="(\w+)"')


class UnexpectedAnswerError(Exception):
    """The server said something that no fault excuses."""


@dataclass
class Field:
    """What all people of a round share. `sent` is set whenever a command leaves."""

    journal: Journal
    ports: list[int]
    random: random.Random
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    sent: asyncio.Event = field(default_factory=asyncio.Event)
    notes_left: dict[str, int] = field(default_factory=dict)  # by event
    pause_s: float = 1.0  # between two notes of one poster, on average
    answers: Counter[str] = field(default_factory=Counter)


class Person:
    """A browser: cookies, a CSRF token, and any of the web processes, as behind a balancer."""

    def __init__(self, shared: Field, name: str, event: str, slug: str, tape: Recording) -> None:
        self.field = shared
        self.name = name
        self.event = event
        self.slug = slug
        self.tape = tape
        self.http = httpx.AsyncClient(timeout=15, trust_env=False, verify=NO_TLS)
        self.token = ""

    async def pause(self, least_s: float, most_s: float) -> None:
        await asyncio.sleep(self.field.random.uniform(least_s, most_s))

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request to any process; httpx.HTTPError if no answer comes."""
        base = f"http://127.0.0.1:{self.field.random.choice(self.field.ports)}"
        headers = {"Accept": "application/json", "Origin": base, "X-CSRFToken": self.token}
        answer = await self.http.request(
            method, base + path, headers=headers | options.pop("headers", {}), **options
        )
        self.tape.note("body", address=path, status=answer.status_code, raw=answer.text)
        return answer

    async def insist(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Repeat until somebody answers with anything but "busy"; for what changes no post."""
        while True:
            try:
                answer = await self.ask(method, path, **options)
            except httpx.HTTPError:
                await self.pause(0.1, 0.5)
                continue
            if answer.status_code not in RETRY:
                return answer
            await self.pause(0.1, 1)

    async def fetch_token(self) -> None:
        self.token = (await self.insist("GET", f"/{self.slug}/me")).json()["csrf"]

    async def command(
        self, name: str, key: str, canary: str, path: str, form: dict[str, str]
    ) -> dict[str, Any] | None:
        """One attempt of one command; None if it has to be repeated."""
        number = self.field.journal.begin(self.name, self.event, name, key, canary)
        self.field.sent.set()
        try:
            answer = await self.ask("POST", path, data=form)
        except httpx.HTTPError as error:
            self.field.journal.failed(number, type(error).__name__)
            self.field.answers["none"] += 1
            await self.pause(0.05, 0.4)
            return None
        status = answer.status_code
        self.field.answers[str(status)] += 1
        body = answer.json() if status in ANSWERS else {}
        told: dict[str, Any] = body.get("note") or body
        self.field.journal.answered(
            number,
            status,
            {name: told[name] for name in ("key", "state", "changed") if name in told},
        )
        if status not in ANSWERS:
            raise UnexpectedAnswerError(f"{name} was answered {status}: {answer.text[:500]}")
        if status in RETRY:
            await asyncio.sleep(min(2.0, float(answer.headers["Retry-After"])))
            return None
        return told


class Poster(Person):
    """A guest who writes notes until there are enough; each is sent until it is answered."""

    async def join(self, code: str) -> None:
        await self.insist("GET", f"/{code}")
        await self.fetch_token()

    async def run(self) -> None:
        while not self.field.stop.is_set():
            await self.pause(0.1, 2 * self.field.pause_s)
            if self.field.notes_left[self.event] > 0:
                self.field.notes_left[self.event] -= 1
                await self.write()

    async def write(self) -> None:
        canary = new_canary(self.event)
        key = secrets.token_urlsafe(16)
        form = {"text": f"Grüße <b>{canary}</b> & mehr", "idempotency": key}
        while await self.command("note", key, canary, f"/{self.slug}/notes", form) is None:
            pass


class Moderator(Person):
    """Somebody at the desk, who shows and hides what the desk's own stream tells."""

    desk: StreamClient

    async def sign_in(self, username: str, password: str) -> None:
        """Until the server lets us in: a killed process may have forgotten the answer."""
        page = await self.insist("GET", "/login/", headers={"Accept": "text/html"})
        found = CSRF_FIELD.search(page.text)
        if found is None:
            raise UnexpectedAnswerError(f"no login form: {page.status_code} {page.text[:300]}")
        form = {
            "csrfmiddlewaretoken": found.group(1),
            "username": username,
            "password": password,
            "next": f"/{self.slug}/desk/",
        }
        await self.insist("POST", "/login/", data=form, headers={"Accept": "text/html"})
        if "session" not in self.http.cookies:
            raise UnexpectedAnswerError("the moderator was not let in")
        await self.fetch_token()

    async def run(self) -> None:
        while not self.field.stop.is_set():
            await self.pause(0.1, 0.6)
            found = [
                (key, known.version, state.group(1))
                for key, known in self.desk.replica.topic("desk").items()
                if (state := STATE.search(known.html or "")) and "Cn" in (known.html or "")
            ]
            if found:
                await self.decide(*self.field.random.choice(found))

    async def decide(self, key: str, version: int, state: str) -> None:
        name = "hide" if state == "shown" else "show"
        path = f"/{self.slug}/desk/posts/{key}/{name}"
        form = {"version": str(version)}
        while await self.command(name, key, "", path, form) is None:
            pass
