"""In place of the network: a recorder that answers look-ups and connections, and remembers them."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpcore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.wall.spellings import PUBLIC
from wall.egress import Egress

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nja"


@dataclass
class Canned(httpcore.AsyncNetworkStream):
    """A connection that answers what it was given, and remembers what TLS was asked for."""

    answer: bytes
    names: list[str] = field(default_factory=list)
    sent: bytearray = field(default_factory=bytearray)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        part, self.answer = self.answer[:max_bytes], self.answer[max_bytes:]
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.sent += buffer

    async def aclose(self) -> None:
        self.answer = b""

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        assert ssl_context.check_hostname
        self.names.append(server_hostname or "")
        return self


@dataclass
class Recorder:
    """Stands in for look-up and connection; gives `answers` and `pages` in turn, then the last."""

    answers: Sequence[Sequence[str]] = ((PUBLIC,),)
    pages: Sequence[bytes] = (OK,)
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    streams: list[Canned] = field(default_factory=list)

    def egress(self, *allow: tuple[str, int]) -> Egress:
        return Egress(
            allow=allow, resolve=self.resolve, connect=self.connect, user_agent="Prüfer/1"
        )

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.looked_up.append(host)
        return self.answers[min(len(self.looked_up), len(self.answers)) - 1]

    async def connect(
        self, address: str, port: int, within_s: float
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append((address, port))
        self.streams.append(Canned(self.pages[min(len(self.connected), len(self.pages)) - 1]))
        return self.streams[-1]


def redirect(location: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS with a certificate for localhost that no authority signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem = folder / "server.pem"
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def packed(body: bytes, *, encoding: str = "gzip") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
