"""The registry of topics: which views on an event's log exist, who may listen, how they look.

Apps register here when Django starts; this module knows none of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

EVENT = "event"  # the kind of a change of the event itself, which shows on whatever is drawn of it


@dataclass(frozen=True, slots=True)
class Rendered:
    """One object as one topic shows it. `html` None: not in this view (any more)."""

    key: str
    version: int
    order: int
    html: str | None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, as far as cookies and address tell; no cookie here has been checked."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    network: str = ""  # where the question comes from, "" for this machine itself


@dataclass(frozen=True, slots=True)
class Grant:
    """A topic that may be heard, by its full name, and whose right it is ("user:3")."""

    name: str
    subject: str = ""


@dataclass(frozen=True)
class Topic:
    """A named view on the log of each event.

    authorise(event_id, visitor): the grant, or None. Asks the database only if `asks_database`.
    render(event_id, name, kind, object_ids, language): what `name` shows of these objects now;
        an object that is absent from the answer is not in this view. One query.
    window(event_id, name, language): the complete list that a page would show now.
    personal: one visitor's own ("mine:KEY"), granted by a name that nobody else is granted; asks
        no database.
    follows: kinds of rows that know nothing of this topic, but what it draws depends on them; it
        is told of their changes as if they had named it.
    """

    name: str
    authorise: Callable[[int, Visitor], Grant | None]
    render: Callable[[int, str, str, Sequence[int], str], Mapping[int, Rendered]]
    window: Callable[[int, str, str], Sequence[Rendered]]
    asks_database: bool = False
    personal: bool = False
    follows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entrance:
    """Which events are not for everybody, and who may hear of those, whatever the topic.

    is_closed(event_id): one query.
    knows(event_id, visitor): whether a signed cookie proves it. No query.
    finds(event_id, visitor): by whose right otherwise, such as "user:3"; "" by nobody's.
    """

    is_closed: Callable[[int], bool] = lambda event_id: False
    knows: Callable[[int, Visitor], bool] = lambda event_id, visitor: True
    finds: Callable[[int, Visitor], str] = lambda event_id, visitor: ""


class Registry:
    """All topics by first name ("mine" for "mine:KEY"), and how a slug becomes an event."""

    def __init__(self) -> None:
        self._topics: dict[str, Topic] = {}
        self._followers: dict[str, tuple[str, ...]] = {}
        self.entrance = Entrance()
        self._find_event: Callable[[str], int | None] = lambda slug: None

    def add(self, topic: Topic) -> None:
        self._topics[topic.name] = topic
        for kind in topic.follows:
            self._followers[kind] = tuple(dict.fromkeys((*self.followers(kind), topic.name)))

    def followers(self, kind: str) -> tuple[str, ...]:
        """The topics that want to know of rows of this kind, whatever the rows themselves say."""
        return self._followers.get(kind, ())

    def names(self) -> list[str]:
        return sorted(self._topics)

    def shared(self) -> tuple[str, ...]:
        """The topics that many see alike: whatever shows on everything shows on them."""
        return tuple(name for name in self.names() if not self._topics[name].personal)

    def own_name(self, event_id: int, visitor: Visitor) -> str:
        """The full name of a topic that is this visitor's alone, "" if no cookie proves one."""
        for topic in self._topics.values():
            if topic.personal and (grant := topic.authorise(event_id, visitor)) is not None:
                return grant.name
        return ""

    def get(self, name: str) -> Topic | None:
        return self._topics.get(name.partition(":")[0])

    def __getitem__(self, name: str) -> Topic:
        return self._topics[name.partition(":")[0]]

    def find_events_with(self, find: Callable[[str], int | None]) -> None:
        self._find_event = find

    def event_id(self, slug: str) -> int | None:
        """The event that `slug` names, None if there is none. One query."""
        return self._find_event(slug)


registry = Registry()
