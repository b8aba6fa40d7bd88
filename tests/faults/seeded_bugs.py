"""One bug per class, each sown into the small faithful run of `synthetic`."""

from __future__ import annotations

from pathlib import Path

from tests.faults.synthetic import Client, Event, Row, World
from tests.replica import Known, Message


class LostChange(World):
    """A wall never hears of the last hiding."""

    def items(self, client: Client, seq: int) -> list[Row]:
        items = super().items(client, seq)
        return [item for item in items if client.name != "wall-1" or item["html"]]


class LostPost(World):
    """One post is left out of the frames for phones."""

    def items(self, client: Client, seq: int) -> list[Row]:
        items = super().items(client, seq)
        return [item for item in items if client.name != "phone-1" or item["key"] != "k5"]


class SwappedOrder(World):
    """A wall is given another place for one post."""

    def send(self, client: Client, message: Message) -> None:
        for item in message["items"]:
            if client.name == "wall-2" and item["key"] == "k1":
                item["order"] = 3
        super().send(client, message)


class SwappedPage(World):
    """A client shows two posts the wrong way round."""

    def note(self, to: Client, kind: str, **detail: object) -> None:
        tables = detail.get("tables")
        if to.name == "wall-1" and isinstance(tables, dict):
            tables["wall"].reverse()
        super().note(to, kind, **detail)


class SamePlace(World):
    """Two posts stand at one place."""

    def insert(self, event: Event, number: int, canary: str, *, key: str = "") -> str:
        key = super().insert(event, number, canary, key=key)
        if number == 5:
            event.posts[key]["shown_seq"] = event.posts["k2"]["shown_seq"]
        return key


class DoubleInsert(World):
    """A retried note is stored twice."""

    def post(self, event: Event, client: str, number: int) -> str:
        if number == 2:
            self.insert(event, number + 100, f"Cn{event.name}{number:012x}")
        return super().post(event, client, number)


class DuplicateKey(World):
    """Two notes under one idempotency key."""

    def insert(self, event: Event, number: int, canary: str, *, key: str = "") -> str:
        key = super().insert(event, number, canary, key=key)
        if number == 5:
            event.posts[key]["origin"] = event.posts["k1"]["origin"]
        return key


class TwoAnswers(World):
    """The retry of an accepted note is answered with another note."""

    def answer(self, command: int, status: int, answer: Row) -> None:
        super().answer(command, status, answer)
        if command == 1:
            retry = self.command("poster-1", self.events["A"], "note", "idem1", "CnA000000000001")
            twin = self.insert(self.events["A"], 1, "CnA000000000001", key="twin")
            super().answer(retry, 200, {"key": twin})


class StateFirst(World):
    """The server renders before it reads the log: hidden text at the hiding's version."""

    def item(self, post: Row, topic: str) -> Row:
        item = super().item(post, topic)
        if topic == "wall" and item["key"] == "k4" and item["html"] is None:
            item["html"] = f"<p>{post['text']}</p>"
        return item


class ForgottenRemoval(World):
    """A client forgets what was removed; an old frame brings it back."""

    def reconnect(self, client: Client) -> None:
        super().reconnect(client)
        if client.event.posts:
            known = Known(4, 4, "<p>CnA000000000004</p>")
            client.replica.groups["shared"].known["wall", "k4"] = known
            detail = {"topic": "wall", "key": "k4", "version": 3, "order": 3}
            self.note(client, "apply", group="shared", **detail)


class LateCanary(World):
    """A hidden text is still sent seconds later, though no client shows it."""

    def write(self, directory: Path) -> None:
        self.now += 3
        item = {"topic": "wall", "key": "k4", "version": 3, "order": 3, "html": "CnA000000000004"}
        old = {"t": "frame", "g": "shared", "from": 2, "upto": "3.a3", "items": [item]}
        self.send(self.clients["wall-1"], old)
        super().write(directory)


class ForeignCanary(World):
    """A frame of one event carries a text of another."""

    def send(self, client: Client, message: Message) -> None:
        if client.name == "desk-1":
            message["debug"] = "CnB000000000003"
        super().send(client, message)


class FallingCursor(World):
    """A client goes back without having been told to."""

    def write(self, directory: Path) -> None:
        client = self.clients["wall-1"]
        self.note(client, "cursor", group="shared", cursor="2.a2", why="beat")
        super().write(directory)


class ForgottenCursor(World):
    """A client reconnects from the start."""

    def reconnect(self, client: Client) -> None:
        if client.event.posts:
            client.replica.groups["shared"].cursor = "0.0"
        super().reconnect(client)


class UnknownCursor(World):
    """A client was given a place that is not in the log: something committed was lost."""

    def write(self, directory: Path) -> None:
        client = self.clients["wall-1"]
        self.note(client, "cursor", group="shared", cursor="99.beef", why="frame")
        super().write(directory)


class Hole(World):
    """A number is missing in the log."""

    def final(self) -> Row:
        final = super().final()
        log = final["events"]["A"]["log"]
        log[:] = [change for change in log if change[3] != "slot"]
        return final


class MissingTag(World):
    """A change cannot prove itself."""

    def final(self) -> Row:
        final = super().final()
        final["events"]["B"]["log"][0][1] = ""
        return final


class WrongHead(World):
    """The counter stands above the log."""

    def final(self) -> Row:
        final = super().final()
        final["events"]["B"]["head"] += 1
        return final


class WrongVersion(World):
    """A post was changed past the log."""

    def final(self) -> Row:
        final = super().final()
        final["events"]["B"]["posts"][0]["version"] += 7
        return final


class Complaint(World):
    """Something is wrong that only the product's own check of its log has seen."""

    def final(self) -> Row:
        final = super().final()
        final["events"]["B"]["complaints"].append("rule 1 has version 7, its last change is 1.")
        return final


class UnloggedVersion(World):
    """A wall is sent a version that no change has."""

    def send(self, client: Client, message: Message) -> None:
        for item in message["items"]:
            if client.name == "other-1":
                item["version"] += 50
        super().send(client, message)


class LostNote(World):
    """An accepted note was never committed."""

    def insert(self, event: Event, number: int, canary: str, *, key: str = "") -> str:
        return f"k{number}" if number == 5 else super().insert(event, number, canary, key=key)


class LostHide(World):
    """An accepted hiding was never committed."""

    def decide(self, event: Event, key: str, name: str, state: str) -> None:
        if key != "k4":
            return super().decide(event, key, name, state)
        command = self.command("moderator-1", event, name, key)
        return self.answer(command, 200, {"changed": True, "state": state})


class UndoneHide(World):
    """A hiding was undone by nobody: stored, but the post ends shown."""

    def write(self, directory: Path) -> None:
        event = self.events["A"]
        post = event.posts["k4"]
        post["state"], post["version"] = "shown", event.change("post", post["id"])
        post["decisions"].append(["hidden", "shown"])
        self.deliver()
        super().write(directory)


class Ghost(World):
    """A page shows a post that its server has not."""

    def note(self, to: Client, kind: str, **detail: object) -> None:
        tables = detail.get("tables")
        if to.name == "wall-1" and isinstance(tables, dict):
            tables["wall"].append(["ghost", 3, 99, "CnA00000000abcd"])
        super().note(to, kind, **detail)


class NoEnd(World):
    """A client was gone at the end."""

    def note(self, to: Client, kind: str, **detail: object) -> None:
        if to.name != "wall-1" or kind != "final":
            super().note(to, kind, **detail)


BUGS: list[tuple[type[World], set[str]]] = [
    (LostChange, {"I3"}),
    (LostPost, {"I3"}),
    (SwappedOrder, {"I4"}),
    (SwappedPage, {"I4"}),
    (SamePlace, {"I4", "I7"}),
    (DoubleInsert, {"I2"}),
    (DuplicateKey, {"I2"}),
    (TwoAnswers, {"I2"}),
    (StateFirst, {"I3", "I5"}),
    (ForgottenRemoval, {"I3", "I5"}),
    (LateCanary, {"I5"}),
    (ForeignCanary, {"I6"}),
    (FallingCursor, {"I8"}),
    (ForgottenCursor, {"I8"}),
    (UnknownCursor, {"I7"}),
    (Hole, {"I7"}),
    (MissingTag, {"I7"}),
    (WrongHead, {"I7"}),
    (WrongVersion, {"I3", "I7"}),
    (Complaint, {"I7"}),
    (UnloggedVersion, {"I3", "I7"}),
    (LostNote, {"I1"}),
    (LostHide, {"I1"}),
    (UndoneHide, {"I1", "I5"}),
    (Ghost, {"I3"}),
    (NoEnd, {"I3"}),
]
