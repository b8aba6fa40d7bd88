"""Read the log: log first, state second. Knows no sockets; everything here is one blocking read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from eventhub.live.models import Change, Stream
from eventhub.live.topics import EVENT, Rendered, registry

_MASK = 2**64 - 1


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in one event's log that proves itself: the number and the tag of that change."""

    seq: int
    tag: int = 0

    def __str__(self) -> str:
        return f"{self.seq}.{self.tag & _MASK:x}"

    @classmethod
    def parse(cls, text: object) -> "Cursor | None":
        """None for anything that cannot be a cursor."""
        if not isinstance(text, str) or len(text) > 40 or not text.isascii():
            return None
        seq, dot, tag = text.partition(".")
        if not dot or not seq.isdigit():
            return None
        try:
            number = int(tag, 16)
        except ValueError:
            return None
        if not 0 <= number <= _MASK or int(seq) >= 2**63:
            return None
        return cls(int(seq), number - 2**64 if number >= 2**63 else number)


START = Cursor(0, 0)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A change as the hub remembers it."""

    seq: int
    tag: int
    topics: frozenset[str]
    kind: str
    object_id: int
    key: str

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.seq, self.tag)


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a browser needs to bring one object of one topic up to date."""

    topic: str
    key: str
    version: int
    order: int
    html: str | None
    redraw: bool = False  # the object is as it was and looks different: for those who show it


class Frame(msgspec.Struct, frozen=True, omit_defaults=False):
    """Everything of one group in (from, upto]; applied whole, or not at all."""

    t: str
    g: str
    start: int = msgspec.field(name="from")
    upto: str = ""
    items: list[Item] = []


class Reset(msgspec.Struct, frozen=True):
    """Start again from this complete list (None: too large for a socket, fetch it)."""

    t: str
    g: str
    upto: str
    items: list[Item] | None


def position(event_id: int) -> Cursor:
    """Where the log stands. The last change kept is the head, because numbers are dense."""
    last = (
        Change.objects.filter(event_id=event_id).order_by("-seq").values_list("seq", "tag").first()
    )
    return Cursor(*last) if last else START


def heads(event_ids: Collection[int]) -> dict[int, int]:
    rows = Stream.objects.filter(event_id__in=event_ids).values_list("event_id", "head")
    return dict(rows)


def changes_after(event_id: int, seq: int, *, limit: int = 1000) -> list[Pointer]:
    """At most `limit` changes above `seq`, in order."""
    rows = Change.objects.filter(event_id=event_id, seq__gt=seq).order_by("seq")
    return [_pointer(row) for row in rows[:limit]]


def last_changes(event_id: int, count: int) -> list[Pointer]:
    rows = Change.objects.filter(event_id=event_id).order_by("-seq")[:count]
    return [_pointer(row) for row in reversed(rows)]


def _pointer(row: Change) -> Pointer:
    return Pointer(
        row.seq, row.tag, frozenset(row.topics.split()), row.kind, row.object_id, row.key
    )


def is_proven(event_id: int, cursor: Cursor) -> bool:
    """Whether `cursor` is a place in this very log.

    Wrong event, restored backup, commits lost in a power cut, pruned log: all answer False.
    """
    if cursor == START:
        floor = Stream.objects.filter(event_id=event_id).values_list("floor", flat=True).first()
        return not floor
    return Change.objects.filter(event_id=event_id, seq=cursor.seq, tag=cursor.tag).exists()


def render(
    event_id: int, names: Iterable[str], pointers: Sequence[Pointer], language: str
) -> list[Item]:
    """The current state of what `pointers` name, one item per topic and object, oldest first.

    State newer than the pointers is harmless: its own change comes later, with a higher version.
    """
    items: list[Item] = []
    for name in names:
        last: dict[str, dict[int, Pointer]] = {}
        for pointer in pointers:
            if name in pointer.topics:
                last.setdefault(pointer.kind, {})[pointer.object_id] = pointer
        named: list[Item] = []
        for kind, by_id in last.items():
            found = registry[name].render(event_id, name, kind, list(by_id), language)
            named += [
                _item(name, pointer, found)
                for pointer in by_id.values()
                if kind != EVENT or pointer.object_id in found  # an event is removed from nowhere
            ]
        if EVENT in last:
            seq = max(pointer.seq for pointer in last[EVENT].values())
            named = _drawn_again(event_id, name, seq, named, language)
        items += named
    return sorted(items, key=lambda item: item.version)


def _drawn_again(
    event_id: int, name: str, seq: int, named: list[Item], language: str
) -> list[Item]:
    """The event itself has changed at `seq`, and with it the look of all that a topic shows.

    So each item has at least the version `seq`, or browsers would keep what they have. What is
    not `named` by a change of its own is only drawn again: a page that does not show it, because
    its list is shorter or another day's, goes without. A row newer than `seq` is left to its own
    change, which draws it with the new look: named here already, it would be taken for known.
    """
    known = {item.key for item in named}
    window = registry[name].window(event_id, name, language)
    return [
        *(msgspec.structs.replace(item, version=max(item.version, seq)) for item in named),
        *(
            Item(name.partition(":")[0], row.key, seq, row.order, _plain(row.html), redraw=True)
            for row in window
            if row.version <= seq and row.key not in known
        ),
    ]


def _item(name: str, pointer: Pointer, found: Mapping[int, Rendered]) -> Item:
    first_name = name.partition(":")[0]
    shown = found.get(pointer.object_id)
    if shown is None:
        return Item(first_name, pointer.key, pointer.seq, 0, None)
    version = max(shown.version, pointer.seq)
    return Item(first_name, shown.key, version, shown.order, _plain(shown.html))


def _plain(html: str | None) -> str | None:
    # Templates give a subclass of str, which the encoder refuses.
    return None if html is None else str.__str__(html)


def group_name(names: Iterable[str]) -> str:
    """ "mine" for one visitor's own topics, "shared" for what many see alike."""
    return "mine" if any(name.startswith("mine:") for name in names) else "shared"


def window(event_id: int, names: Sequence[str], language: str) -> Reset:
    """The complete list: position first, then the rows (the other order loses updates)."""
    here = position(event_id)
    items = [
        Item(name.partition(":")[0], row.key, row.version, row.order, _plain(row.html))
        for name in names
        for row in registry[name].window(event_id, name, language)
    ]
    return Reset("reset", group_name(names), str(here), items)


def catch_up(
    event_id: int, names: Sequence[str], language: str, cursor: Cursor | None
) -> Frame | Reset:
    """What happened since `cursor`, or a reset if it proves nothing or lies too far back."""
    if cursor is None or not is_proven(event_id, cursor):
        return window(event_id, names, language)
    pointers = changes_after(event_id, cursor.seq, limit=1001)
    if len(pointers) > 1000:
        return window(event_id, names, language)
    upto = pointers[-1].cursor if pointers else cursor
    items = render(event_id, names, pointers, language)
    return Frame("frame", group_name(names), cursor.seq, str(upto), items)
