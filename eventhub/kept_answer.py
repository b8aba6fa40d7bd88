"""One kept answer: for whom it is the same, and what each of them is sent. Asks nobody."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils.http import parse_http_date_safe

from eventhub.http import browser_wish, cookies_of
from eventhub.keeping import Keep
from eventhub.squeeze import is_worth_it, takes_gzip

Headers = list[tuple[bytes, bytes]]

_MAY_VARY = {b"cookie", b"accept-language", b"accept-encoding", b"origin"}
# Of an answer that is kept these are written anew for each asker.
_OWN = {b"content-length", b"content-encoding", b"etag", b"vary"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for. `key`: two requests with the same one get the same answer."""

    key: tuple[Any, ...]
    is_personal: bool
    head: bool
    gzip: bool
    tags: bytes
    since: bytes

    @classmethod
    def read(cls, scope: Mapping[str, Any]) -> "Asked | None":
        """None for what no kept answer can serve."""
        if scope["method"] not in {"GET", "HEAD"} or scope.get("root_path"):
            return None
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in headers and name in _READ:
                return None  # said twice: whoever does that may explain it to Django
            headers[name] = value
        if b"authorization" in headers or b"range" in headers:
            return None
        cookies = cookies_of([(b"cookie", headers[b"cookie"])]) if b"cookie" in headers else {}
        return cls(
            key=(
                scope.get("scheme", "http"),
                headers.get(b"x-forwarded-proto") if settings.TRUSTED_PROXIES else None,
                headers.get(b"host", b""),
                scope["path"],
                scope["query_string"],
                _language(cookies, headers.get(b"accept-language", b"")),
            ),
            # Every cookie but the language might decide what a page says to its owner.
            is_personal=bool(cookies.keys() - {settings.LANGUAGE_COOKIE_NAME}),
            head=scope["method"] == "HEAD",
            gzip=takes_gzip(headers.get(b"accept-encoding", b"")),
            tags=headers.get(b"if-none-match", b""),
            since=headers.get(b"if-modified-since", b""),
        )


_READ = {
    b"host", b"x-forwarded-proto", b"cookie", b"accept-language", b"accept-encoding",
    b"if-none-match", b"if-modified-since",
}  # fmt: skip


def _language(cookies: Mapping[str, str], accepts: bytes) -> str:
    """As `agenda.middleware.speak` decides, as far as the browser has a say in it."""
    chosen = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")[:2]
    return chosen if chosen in {"de", "en"} else browser_wish(accepts.decode("latin-1"))


def without_conditions(scope: dict[str, Any]) -> dict[str, Any]:
    """The same request for the whole answer: what comes back can be given to others as well."""
    conditions = {b"if-none-match", b"if-modified-since"}
    headers = [(name, value) for name, value in scope["headers"] if name not in conditions]
    return scope | {"method": "GET", "headers": headers}


class Form:
    """One form of an answer, as ASGI messages and as bytes for the wire."""

    __slots__ = ("body", "headers", "status", "wire")

    def __init__(self, status: int, headers: Headers, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body
        lines = [b"HTTP/1.1 %d %s" % (status, HTTPStatus(status).phrase.encode())]
        lines += [b"%s: %s" % (name.title(), value) for name, value in headers]
        self.wire = b"\r\n".join([*lines, b"Server: Eventhub", b"", body])

    @property
    def messages(self) -> tuple[dict[str, Any], dict[str, Any]]:
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        return start, {"type": "http.response.body", "body": self.body}


class KeptAnswer:
    """An answer in every form that an asker may need; made once, with the compressed body."""

    def __init__(
        self, headers: Headers, body: bytes, *, keep: Keep, born: int, until: float
    ) -> None:
        self.keep, self.born, self.until = keep, born, until
        given = dict(headers)
        self._modified = given.get(b"last-modified", b"")
        self._tag = given.get(b"etag", _digest(body)).removeprefix(b"W/").strip(b'"')
        # One tag for both encodings, so it is a weak one: the same in meaning, not byte for byte.
        rest = [(name, value) for name, value in headers if name not in _OWN]
        rest += [(b"etag", b'W/"%s"' % self._tag), (b"vary", _vary(given.get(b"vary", b"")))]
        if b"cache-control" not in given:
            rest.append((b"cache-control", b"no-cache"))
        squeezed = _squeezed(given.get(b"content-type", b""), body)
        self._plain = self._gzip = self._forms(rest, body)
        if squeezed:
            self._gzip = self._forms([*rest, (b"content-encoding", b"gzip")], squeezed)
        named = [(name, value) for name, value in rest if name != b"content-type"]
        self._unchanged = Form(304, named, b"")
        self.size = 2 * len(body) + 2 * len(squeezed)

    @staticmethod
    def _forms(headers: Headers, body: bytes) -> tuple[Form, Form]:
        """For GET and for HEAD."""
        sized = [*headers, (b"content-length", b"%d" % len(body))]
        return Form(200, sized, body), Form(200, sized, b"")

    def for_(self, asked: Asked) -> Form:
        if self._is_known(asked):
            return self._unchanged
        return (self._gzip if asked.gzip else self._plain)[asked.head]

    def _is_known(self, asked: Asked) -> bool:
        """Whether the asker has this very answer; a tag counts more than a time."""
        if asked.tags:
            tags = [tag.strip().removeprefix(b"W/").strip(b'"') for tag in asked.tags.split(b",")]
            return self._tag in tags or tags == [b"*"]
        if not asked.since or not self._modified:
            return False
        since = parse_http_date_safe(asked.since.decode("latin-1"))
        modified = parse_http_date_safe(self._modified.decode("latin-1"))
        return since is not None and modified is not None and modified <= since


def may_be_kept(status: int, headers: Headers) -> bool:
    """Whether nothing in the answer itself speaks against it, whatever its view has declared."""
    for name, value in headers:
        words = {word.strip() for word in value.lower().split(b",")}
        if name in {b"set-cookie", b"content-encoding"}:
            return False
        if name == b"cache-control" and words & {b"private", b"no-store"}:
            return False
        if name == b"vary" and words - _MAY_VARY:
            return False
    return status == 200


def _squeezed(kind: bytes, body: bytes) -> bytes:
    if not is_worth_it(kind, len(body)):
        return b""
    return gzip.compress(body, 6, mtime=0)


def _vary(given: bytes) -> bytes:
    return given + b", Accept-Encoding" if given else b"Accept-Encoding"


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode()
