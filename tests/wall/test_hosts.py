"""One spelling per host, an honest one for people, and which addresses are public."""

from __future__ import annotations

import ipaddress
import random

import pytest

from tests.wall.spellings import INNER_V4, INNER_V6, PUBLIC
from wall.hosts import canonical_host, is_public_address, shown_host


def test_public_addresses_are_public() -> None:
    texts = (PUBLIC, "1.1.1.1", "192.0.1.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::101:101")

    assert [text for text in texts if not is_public_address(text)] == []


def test_special_addresses_are_not_public() -> None:
    assert [text for text in (*INNER_V4, *INNER_V6) if is_public_address(text)] == []


def test_what_python_calls_not_global_is_not_public() -> None:
    dice = random.Random(14)
    addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = [
        *(ipaddress.IPv4Address(dice.getrandbits(32)) for _ in range(20_000)),
        *(ipaddress.IPv6Address(dice.getrandbits(125) | 1 << 125) for _ in range(5_000)),
        *(ipaddress.IPv6Address(0x2001 << 112 | dice.getrandbits(112)) for _ in range(5_000)),
    ]

    assert [a for a in addresses if is_public_address(str(a)) and not a.is_global] == []


@pytest.mark.parametrize(
    ("host", "canonical"),
    [
        ("Mastodon.Social.", "mastodon.social"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("ＥＸＡＭＰＬＥ．com", "example.com"),
        ("127.0.0.1", "127.0.0.1"),
        ("2A00:0:0::1", "2a00::1"),
        ("a_b.example", "a_b.example"),
    ],
)
def test_host_has_one_spelling(host: str, canonical: str) -> None:
    assert canonical_host(host) == canonical


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("münchen.example", "münchen.example"),
        ("аррӏе.com", "xn--80ak6aa92e.com"),
        ("pаypal.com", "xn--pypal-4ve.com"),
        ("пример.рф", "пример.рф"),
        ("例え.テスト", "例え.テスト"),
        ("gıthub.com", "xn--gthub-n4a.com"),
    ],
)
def test_host_of_mixed_scripts_is_shown_in_punycode(host: str, shown: str) -> None:
    assert shown_host(host) == shown
