"""Addresses we may be asked to fetch, taken apart once, in one spelling. Opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from django.utils.translation import gettext_lazy as _

from wall.hosts import canonical_host

MAX_URL_CHARS = 2048
_STANDARD_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Target:
    """An http(s) address in the one spelling everything after this uses."""

    scheme: str  # http or https
    host: str  # as canonical_host leaves it; IPv6 without brackets
    port: int
    path: str  # with query, percent-encoded

    @property
    def authority(self) -> str:
        """What the Host header says."""
        bracketed = f"[{self.host}]" if ":" in self.host else self.host
        standard = self.port == _STANDARD_PORTS[self.scheme]
        return bracketed if standard else f"{bracketed}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address and needs no look-up."""
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()

    def follow(self, location: str) -> Target:
        """Where a redirect leads. Raises ValueError."""
        return parse_url(urljoin(self.origin + self.path, location))


def parse_url(url: str) -> Target:
    """`url` taken apart. Raises ValueError if two programs could read it differently."""
    if len(url) > MAX_URL_CHARS or not url.isprintable() or set(url) & set(' \\"<>^`{|}'):
        raise ValueError("not an address")
    parts = urlsplit(url)
    if parts.scheme not in _STANDARD_PORTS or "@" in parts.netloc or "%" in parts.netloc:
        raise ValueError("not an address")
    host = canonical_host(parts.hostname or "")
    port = _STANDARD_PORTS[parts.scheme] if parts.port is None else parts.port
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?[]")
    return Target(parts.scheme, host, port, path)


def parse_allow(text: str) -> frozenset[tuple[str, int]]:
    """The pairs in "host:port,[::1]:port". Raises ValueError naming the entry."""
    pairs = set()
    for entry in filter(None, (part.strip() for part in text.split(","))):
        host, _colon, port = entry.rpartition(":")
        try:
            if not port.isascii() or not 0 < int(port) < 65536:
                raise ValueError
            pairs.add((canonical_host(host.removeprefix("[").removesuffix("]")), int(port)))
        except ValueError as error:
            raise ValueError(f"{entry!r} is not host:port") from error
    return frozenset(pairs)


def parse_server(typed: str) -> str:
    """The base URL of what an organizer typed: "mastodon.social" or "http://127.0.0.1:3000".

    Raises ValueError in plain words. Whether the server may be asked at all is decided elsewhere.
    """
    typed = typed.strip()
    if not typed:
        raise ValueError(_("Please enter a server, for example mastodon.social."))
    try:
        target = parse_url(typed if "://" in typed else f"https://{typed}")
    except ValueError as error:
        raise ValueError(
            _("This is not the address of a server. Write it like mastodon.social.")
        ) from error
    if target.path != "/" or "#" in typed:
        raise ValueError(_("Please enter the server only, without anything behind its name."))
    return target.origin
