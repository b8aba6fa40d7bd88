"""Ways to write an address that must never be asked, generated from the addresses themselves."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

PUBLIC = "93.184.215.14"  # never connected to: only recorders see it

INNER_V4 = (
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.0.9"),
    *("100.64.0.1", "100.127.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.1"),
    *("192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.2.7", "192.31.196.1", "192.52.193.1"),
    *("192.88.99.1", "192.168.0.1", "192.168.178.20", "192.175.48.1", "198.18.0.1"),
    *("198.19.255.1", "198.51.100.3", "203.0.113.9", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255"),
)
INNER_V6 = (
    *("::", "::1", "::2", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1"),
    *("ff0e::1", "100::1", "100:0:0:1::1", "2001::1", "2001:2::1", "2001:10::1", "2001:20::1"),
    *("2001:db8::1", "2002::1", "2002:7f00:1::", "3fff::1", "3fff:fff::1", "5f00::1"),
    *("64:ff9b:1::1", "2620:4f:8000::1", "4000::1", "::ffff:0:7f00:1", "1::1"),
)
INNER_NAMES = (
    *("localhost", "LOCALHOST", "localhost.", "intranet", "router", "metadata"),
    *("localhost.localdomain", "ip6-localhost", "rebind.example", "127.0.0.1.nip.example"),
    *("printer.local", "box.fritz.box", "metadata.google.internal", "ｌｏｃａｌｈｏｓｔ"),
)


def hosts_of(text: str) -> Iterator[str]:
    """Spellings of one inner IPv4 address that some program somewhere understands."""
    number, parts = int(IPv4Address(text)), [int(part) for part in text.split(".")]
    tail2, tail3 = number & 0xFFFF, number & 0xFFFFFF
    yield from (text, f"{text}.", f"{text}..")
    yield from (str(number), hex(number), hex(number).upper(), oct(number).replace("o", ""))
    yield ".".join(f"0{part:o}" for part in parts)
    yield ".".join(f"{part:03d}" for part in parts)
    yield ".".join(hex(part) for part in parts)
    yield f"{parts[0]}.{tail3}"
    yield f"{parts[0]}.{parts[1]}.{tail2}"
    yield f"0x{parts[0]:x}.{tail3}"
    yield f"{parts[0]}.0{parts[1]:o}.0x{parts[2]:x}.{parts[3]}"
    yield str(number + (1 << 32))
    yield text.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    yield text.translate({ord(str(digit)): chr(0x0660 + digit) for digit in range(10)})
    yield text.replace(".", "。")
    yield text.replace(".", "%2e")
    yield f"%{ord(text[0]):02x}{text[1:]}"
    yield text.replace("1", "①").replace("2", "②")
    six = f"{number >> 16:x}:{tail2:x}"
    yield from (f"[::ffff:{text}]", f"[::ffff:{six}]", f"[::{text}]", f"[::{six}]")
    yield from (f"[64:ff9b::{text}]", f"[64:ff9b::{six}]", f"[64:ff9b:1::{six}]")
    yield from (f"[2002:{six}::1]", f"[::ffff:0:{six}]", f"[fe80::5efe:{text}]")
    yield f"[{IPv6Address((0x2001 << 112) | (number ^ 0xFFFFFFFF)).exploded}]"


def spellings() -> Iterator[str]:
    for text in INNER_V4:
        yield from (f"https://{host}/" for host in hosts_of(text))
        yield from (f"https://a.example@{text}/", f"https://{text}:443/", f"https://a:b@{text}/")
        yield from (f"http://{text}/", f"https://{text}:22/", f"https://a.example\\@{text}/")
        yield from (f"https://{text}#@a.example/", f"https://{text}?a.example", f"//{text}/")
    for text in INNER_V6:
        yield from (f"https://[{text}]/", f"https://[{IPv6Address(text).exploded}]/")
        yield from (f"https://[{text}%25eth0]/", f"https://[{text}%eth0]/", f"https://{text}/")
    for name in INNER_NAMES:
        yield from (f"https://{name}/", f"http://{name}/", f"https://{name}:8443/")
    yield from ("file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "https:///", "")
    yield from ("https://a.example:0/", "https://a.example:99999/", "https://[::1/", "https://a b/")
    yield from ("https://127.0.0.1\r\nHost: a.example/", "https://\t127.0.0.1/", "HTTPS://127.1/")
    yield from ("https:127.0.0.1", "https:/127.0.0.1/", "https://127.0.0.1\x00.a.example/")


SPELLINGS = tuple(dict.fromkeys(spellings()))
