"""How many sockets one visitor may hold in this process, and who gives way. Closes nobody itself.

A guest is known by the cookie that proved itself, staff and screens by their right. Everybody else
is known by their network only, and a whole hall may stand behind one address: so networks get half
of all seats each, and guests with a cookie do not count there.
"""

import ipaddress
from typing import Any

from django.conf import settings

from eventhub.http import client_address
from eventhub.live.connection import Connection

PER_GUEST = 5  # one person's open pages
PER_RIGHT = 25  # one account at several desks, one screen's address on several beamers


class Seats:
    """Sockets by holder, oldest first; before its hello a socket belongs to its network."""

    def __init__(self) -> None:
        self._silent: dict[str, dict[Connection, None]] = {}
        self._held: dict[str, dict[Connection, None]] = {}

    def arrive(self, connection: Connection) -> Connection | None:
        """Seat somebody who has said nothing yet; answers who has to go for that.

        Pages say hello at once. Whoever has been silent for the longest time is none of them.
        """
        network = connection.visitor.network
        if not network:
            return None
        silent = self._silent.setdefault(network, {})
        silent[connection] = None
        return next(iter(silent)) if len(silent) > max(1, settings.MAX_SOCKETS // 4) else None

    def take(self, connection: Connection, holder: str) -> Connection | None:
        """Seat somebody who has said hello and is `holder`, "" for nobody known by a name.

        Answers who has to go for that: of one holder's sockets the oldest, which may long be dead
        without anybody knowing; of a network's the newest, or one could drive out all the others.
        """
        self.leave(connection)
        network = connection.visitor.network
        connection.holder = holder or network
        if not connection.holder:
            return None  # from this machine itself
        held = self._held.setdefault(connection.holder, {})
        held[connection] = None
        if not holder:
            return connection if len(held) > max(1, settings.MAX_SOCKETS // 2) else None
        return next(iter(held)) if len(held) > _most(holder) else None

    def leave(self, connection: Connection) -> None:
        _remove(self._silent, connection.visitor.network, connection)
        _remove(self._held, connection.holder, connection)


def _most(holder: str) -> int:
    return PER_GUEST if holder.startswith("mine:") else PER_RIGHT


def _remove(seats: dict[str, dict[Connection, None]], name: str, connection: Connection) -> None:
    if (taken := seats.get(name)) is not None:
        taken.pop(connection, None)
        if not taken:
            del seats[name]


def network_of(scope: dict[str, Any]) -> str:
    """The IPv4 address or the /64 of IPv6 that a socket comes from; "" for this machine itself."""
    remote = (scope.get("client") or ("",))[0]
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    address = client_address(remote, b",".join(lines).decode("latin-1"))
    if not address:
        return ""  # a socket in the file system
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"  # whatever a proxy writes there: all of them together are one
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return "" if ip.is_loopback else str(ipaddress.ip_network((ip, 64), strict=False))
        ip = ip.ipv4_mapped
    return "" if ip.is_loopback else str(ip)
