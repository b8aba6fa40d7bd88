"""One open socket as the hub sees it: what was sent, what was read, when it must close."""

import random
import time
from collections import deque
from typing import TYPE_CHECKING

from eventhub.live.senders import Packet, Sender
from eventhub.live.topics import Visitor

if TYPE_CHECKING:
    from eventhub.live.groups import Group

MAX_BUFFERED_BYTES = 256 * 1024  # in the server's own buffers
MAX_UNREAD_BYTES = 1024 * 1024  # sent and not acknowledged, the kernel's buffers included
LIFETIME_S = (6 * 3600.0, 12 * 3600.0)  # rotated at random, before anybody's 24 h limit
HELLO_S = 10.0

CLOSE_GOING_AWAY = 4001  # Autobahn refuses to send 1001; browsers treat both alike
CLOSE_NOT_ALLOWED = 4403
CLOSE_STALLED = 4408
CLOSE_PROTOCOL = 4409
CLOSE_CROWDED = 4429  # too many sockets of one visitor


class Connection:
    """Credit of one socket: a reader that stops reading is closed, the others never wait for it."""

    __slots__ = (
        "acked",
        "acked_bytes",
        "closed",
        "event_id",
        "expires",
        "groups",
        "holder",
        "language",
        "marks",
        "opened",
        "sender",
        "sent",
        "sent_bytes",
        "subjects",
        "unread_since",
        "visitor",
    )

    def __init__(self, sender: Sender, visitor: Visitor) -> None:
        self.sender = sender
        self.visitor = visitor
        self.event_id = 0
        self.language = "de"
        self.groups: dict[str, Group] = {}
        self.holder = ""  # whose socket this is, known after hello (seats.py)
        self.subjects: dict[str, str] = {}  # "user:3" -> the topic that was granted
        self.sent = 0
        self.sent_bytes = 0
        self.acked = 0
        self.acked_bytes = 0
        self.marks: deque[tuple[int, int]] = deque()
        self.unread_since = 0.0
        self.opened = time.monotonic()
        self.expires = self.opened + random.uniform(*LIFETIME_S)
        self.closed = False

    def send(self, packet: Packet) -> None:
        if self.closed:
            return
        self.sent += 1
        self.sent_bytes += packet.size
        self.sender.write(packet)

    def acknowledge(self, count: int) -> None:
        """The browser has read `count` messages since the socket opened."""
        if not self.acked < count <= self.sent:
            return
        self.acked = count
        if count == self.sent:
            self.acked_bytes = self.sent_bytes
            self.marks.clear()
            self.unread_since = 0.0
            return
        self.unread_since = time.monotonic()
        while self.marks and self.marks[0][0] <= count:
            self.acked_bytes = self.marks.popleft()[1]

    def overdue(self, now: float, stalled_s: float) -> int:
        """The close code this socket has earned, 0 for none. Called about once a second."""
        if not self.groups and now - self.opened > HELLO_S:
            return CLOSE_PROTOCOL
        if self.sent > self.acked:
            if not self.unread_since:
                self.unread_since = now
            if not self.marks or self.marks[-1][0] < self.sent:
                self.marks.append((self.sent, self.sent_bytes))
            if now - self.unread_since > stalled_s:
                return CLOSE_STALLED
            if self.sent_bytes - self.acked_bytes > MAX_UNREAD_BYTES:
                return CLOSE_STALLED
            if self.sender.buffered() > MAX_BUFFERED_BYTES:
                return CLOSE_STALLED
        return CLOSE_GOING_AWAY if now > self.expires else 0

    def close(self, code: int) -> None:
        if not self.closed:
            self.closed = True
            self.sender.close(code)
