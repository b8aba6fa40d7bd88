"""Whether any other device has reached this server yet. Remembers this one fact, and no address.

Guest networks keep devices apart: what the laptop calls its address may work for itself alone.
"""

import ipaddress
import socket
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from eventhub.addresses import public_base, without_scheme
from eventhub.http import client_address, client_of

_reached = False


def has_been_reached() -> bool:
    return _reached


def notice(scope: dict[str, Any]) -> None:
    """A request has come in; of all that ever come, the first one from elsewhere matters."""
    global _reached
    if not _reached:
        remote = (scope.get("client") or ("",))[0]
        lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        _reached = not is_own(client_address(remote, b",".join(lines).decode("latin-1")))


def forget() -> None:
    """Nobody has been here: a server that has just started."""
    global _reached
    _reached = False


def is_own(address: str) -> bool:
    """Whether `address` is this machine itself: loopback, or one of its interfaces.

    A socket can be bound to an address of one's own only; nothing is sent. What is no address, such
    as the name of a socket in the file system, is nobody else.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return True
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(ip), 0))
    except OSError:
        return False
    return True


def context(request: HttpRequest) -> dict[str, Any]:
    """For `eventhub/_reach.html`: what the laptop has to be told, nothing to everybody else.

    A server with a public address is reached through it or not at all; it says nothing, either.
    """
    if _reached or not settings.EMBEDDED or not is_own(client_of(request)):
        return {}
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    return {"reach": {"address": base, "shown": without_scheme(base)}}
