"""Under which address guests reach this server; found without sending a packet."""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings


def lan_address() -> str:
    """This machine's address in its network, "127.0.0.1" without one.

    Connecting a datagram socket only asks the routing table; the address is one for documentation.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def public_base(host: str = "", *, scheme: str = "http") -> str:
    """Scheme, host and port that a phone can open: the public URL, else the address in the LAN.

    `host` is what the asking browser used; a loopback name is no use to a phone.
    """
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    if host and not _is_loopback(host):
        return f"{scheme}://{host}"
    bind = str(settings.BIND)
    address = bind if bind not in {"0.0.0.0", "::", ""} else lan_address()
    port = "" if settings.PORT == 80 else f":{settings.PORT}"
    return f"http://{address}{port}"


def without_scheme(url: str) -> str:
    return url.partition("://")[2] or url


def _is_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
