"""Host names and addresses: their one spelling, their shown spelling, whether they are public.

Asks no resolver and opens nothing.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import idna
import regex

MAX_HOST_CHARS = 253

_LABEL = regex.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = regex.compile(r"[0-9]+|0x[0-9a-f]*")

# Written down instead of asking ipaddress.is_global: its tables differ between Python versions
# (3.11.7 calls multicast, 6to4, 64:ff9b:1::/48 and 3fff::/20 global). Source: IANA's
# special-purpose address registries.
_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link local, metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# IPv6 is the other way round: only this block is given out to the internet at all. Outside it lie
# "::", loopback, v4-mapped and v4-compatible, local NAT64, link and site local, multicast.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments with Teredo and ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")

# Letters of one script beside digits, dot and hyphen. The whole host counts, its ending too, so a
# Cyrillic look-alike under .com is mixed. Latin is the letters with marks of European languages,
# without the dotless i and the long s, which read as i and f.
_LATIN = r"a-z\u00df-\u00f6\u00f8-\u0130\u0132-\u0137\u0139-\u017e"
_ONE_SCRIPT = regex.compile(
    "|".join(
        rf"[{letters}0-9._\-]+"
        for letters in (
            _LATIN,
            r"\p{Cyrillic}",
            r"\p{Greek}",
            r"\p{Arabic}",
            r"\p{Hebrew}",
            r"\p{Devanagari}",
            r"\p{Thai}",
            r"\p{Han}\p{Hiragana}\p{Katakana}ー",
            r"\p{Han}\p{Hangul}",
        )
    )
)


def canonical_host(host: str) -> str:
    """The one spelling of `host`: lower-case ASCII name, dotted IPv4, or compressed IPv6.

    IPv6 goes in and comes out without brackets. Other alphabets and full-width forms become
    IDNA, one trailing dot goes. Raises ValueError for everything that only some programs would
    understand: numbers with fewer than four parts, octal, hexadecimal, zone ids, escapes.
    """
    if ":" in host:
        if "%" in host:
            raise ValueError("zone id")
        return IPv6Address(host).compressed
    if not host.isascii():
        host = _to_ascii(host)
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > MAX_HOST_CHARS or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("not a host name")
    if _NUMBER.fullmatch(labels[-1]):
        return str(IPv4Address(host))
    return host


def shown_host(host: str) -> str:
    """`host` as people may read it: in punycode if it mixes scripts, else as it is."""
    if _ONE_SCRIPT.fullmatch(host.lower()):
        return host
    try:
        return _to_ascii(host)
    except ValueError:
        return ".".join(
            label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
            for label in host.split(".")
        )


def is_public_address(text: str) -> bool:
    """Whether `text` is an IP address of the public internet. False for what is no address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        if address not in _NAT64:
            return address in _OPEN_V6 and not any(address in net for net in _CLOSED_V6)
        # A network without IPv4 reaches every IPv4 host through this prefix: the inner one counts.
        address = IPv4Address(int(address) & 0xFFFF_FFFF)
    return not any(address in net for net in _CLOSED_V4)


def _to_ascii(host: str) -> str:
    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError as error:  # idna's own errors are UnicodeErrors
        raise ValueError("not a host name") from error
