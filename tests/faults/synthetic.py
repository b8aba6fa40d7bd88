"""A small faithful run, made without any server; its parts are there to be broken one by one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.recording import tables_of
from tests.replica import Message, Replica

Row = dict[str, Any]


@dataclass
class Event:
    """Posts and log of one event, as the final export has them."""

    name: str
    log: list[list[Any]] = field(default_factory=list)
    posts: dict[str, Row] = field(default_factory=dict)

    @property
    def head(self) -> int:
        return len(self.log)

    def cursor(self, seq: int) -> str:
        return f"{seq}.{self.log[seq - 1][1]}" if seq else "0.0"

    def change(self, kind: str, object_id: str) -> int:
        seq = self.head + 1
        self.log.append([seq, f"{self.name}{seq:x}".lower(), "wall desk mine", kind, object_id])
        return seq


@dataclass
class Client:
    """A replica and what it records."""

    name: str
    event: Event
    topics: list[str]
    poster: str
    lines: list[Row] = field(default_factory=list)
    replica: Replica = field(init=False)


class World:
    """Runs one script on two events; override a method to seed a bug."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.events = {name: Event(name) for name in "AB"}
        self.journal: list[Row] = []
        self.commands = 0
        a, b = self.events.values()
        self.clients = {
            name: self.join(name, event, topics, poster)
            for name, event, topics, poster in (
                ("wall-1", a, ["wall"], ""),
                ("wall-2", a, ["wall", "programme"], ""),
                ("desk-1", a, ["desk"], ""),
                ("phone-1", a, ["wall", "mine"], "poster-1"),
                ("other-1", b, ["wall"], ""),
            )
        }

    def run(self, directory: Path) -> None:
        self.play()
        self.write(directory)

    def play(self) -> None:
        a, b = self.events.values()
        first = self.post(a, "poster-1", 1)
        second = self.post(a, "poster-2", 2)
        self.post(b, "poster-3", 3)
        third = self.post(a, "poster-1", 4)
        self.decide(a, second, "hide", "hidden")
        a.change("slot", "7")
        self.deliver()
        self.decide(a, second, "show", "shown")
        self.decide(a, third, "hide", "hidden")
        self.reconnect(self.clients["wall-2"])
        self.post(a, "poster-2", 5)
        self.now += 4
        self.deliver()
        assert first != second

    def join(self, name: str, event: Event, topics: list[str], poster: str) -> Client:
        client = Client(name, event, topics, poster)
        client.replica = Replica(
            {"shared": topics}, watch=lambda kind, detail: self.note(client, kind, **detail)
        )
        meta = {"client": name, "event": event.name, "topics": topics, "poster": poster}
        self.note(client, "meta", slack_s=0.0, **meta)
        self.reconnect(client)
        return client

    def reconnect(self, client: Client) -> None:
        client.replica.connected()
        self.note(client, "connect", subs=client.replica.hello()["subs"])

    def note(self, to: Client, kind: str, **detail: Any) -> None:
        to.lines.append({"at": self.tick(), "kind": kind, **detail})

    def tick(self) -> float:
        self.now += 0.001
        return self.now

    def command(self, client: str, event: Event, name: str, key: str, canary: str = "") -> int:
        self.commands += 1
        line = {"client": client, "event": event.name, "name": name, "key": key, "canary": canary}
        self.journal.append({"id": self.commands, "at": self.tick(), **line})
        return self.commands

    def answer(self, command: int, status: int, answer: Row) -> None:
        line = {"id": command, "end": self.tick(), "status": status, "answer": answer}
        self.journal.append(line)

    def post(self, event: Event, client: str, number: int) -> str:
        canary = f"Cn{event.name}{number:012x}"
        command = self.command(client, event, "note", f"idem{number}", canary)
        key = self.insert(event, number, canary)
        self.deliver()
        self.answer(command, 201, {"key": key, "state": "shown"})
        return key

    def insert(self, event: Event, number: int, canary: str, *, key: str = "") -> str:
        key = key or f"k{number}"
        seq = event.change("post", f"id-{key}")
        event.posts[key] = {
            "id": f"id-{key}",
            "key": key,
            "origin": f"note:idem{number}",
            "text": f"Hello {canary}",
            "state": "shown",
            "version": seq,
            "shown_seq": seq,
            "decisions": [],
        }
        return key

    def decide(self, event: Event, key: str, name: str, state: str) -> None:
        command = self.command("moderator-1", event, name, key)
        post = event.posts[key]
        post["decisions"].append([post["state"], state])
        post["state"] = state
        post["version"] = event.change("post", post["id"])
        self.deliver()
        self.answer(command, 200, {"changed": True, "state": state})

    def deliver(self) -> None:
        """Bring every client up to date with one frame of what changed since its cursor."""
        for client in self.clients.values():
            seq, head = client.replica.groups["shared"].seq, client.event.head
            if seq < head:
                items = self.items(client, seq)
                upto = client.event.cursor(head)
                frame = {"t": "frame", "g": "shared", "from": seq, "upto": upto, "items": items}
                self.send(client, frame)

    def items(self, client: Client, seq: int) -> list[Row]:
        ids = {change[4] for change in client.event.log[seq:]}
        posts = [post for post in client.event.posts.values() if post["id"] in ids]
        return [
            self.item(post, topic)
            for topic in client.topics
            for post in posts
            if topic in ("wall", "desk") or (topic == "mine" and post["text"].endswith(("1", "4")))
        ]

    def item(self, post: Row, topic: str) -> Row:
        is_there = topic != "wall" or post["state"] == "shown"
        html = f'<p data-key="{post["key"]}">{post["text"]}</p>' if is_there else None
        return {
            "topic": topic,
            "key": post["key"],
            "version": post["version"],
            "order": post["shown_seq"],
            "html": html,
        }

    def send(self, client: Client, message: Message) -> None:
        self.note(client, "message", raw=json.dumps(message))
        client.replica.receive(message)

    def final(self) -> Row:
        return {
            "window": 100,
            "events": {
                event.name: {
                    "head": event.head,
                    "floor": 0,
                    "log": event.log,
                    "posts": list(event.posts.values()),
                    "complaints": [],
                }
                for event in self.events.values()
            },
        }

    def write(self, directory: Path) -> None:
        recordings = directory / "recordings"
        recordings.mkdir()
        for client in self.clients.values():
            self.note(client, "final", tables=tables_of(client.replica))
            (recordings / f"{client.name}.jsonl").write_text(_lines(client.lines))
        (directory / "journal.jsonl").write_text(_lines(self.journal))
        (directory / "final.json").write_text(json.dumps(self.final()))


def _lines(rows: list[Row]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)
