"""Pages for one person come compressed to browsers that take it; what is kept or in parts does not.

Whatever is not for a browser's eyes anyway stays as it is.
"""

import asyncio
import gzip
from typing import Any

import pytest

from eventhub.squeeze import Squeeze, takes_gzip

BODY = "<p>Was bleibt hängen?</p>".encode() * 100
HTML = (b"content-type", b"text/html; charset=utf-8")
GZIP = (b"accept-encoding", b"gzip, deflate, br")


def answer(
    *parts: bytes, headers: list[tuple[bytes, bytes]] | None = None, asked: Any = (GZIP,)
) -> tuple[dict[bytes, bytes], bytes, int]:
    """The headers, the body and the number of its parts that a browser gets."""
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": headers or [HTML]},
        )
        for number, part in enumerate(parts, start=1):
            more = number < len(parts)
            await send({"type": "http.response.body", "body": part, "more_body": more})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Squeeze(app)({"headers": list(asked), "method": "GET"}, None, send))
    start, *bodies = sent
    return dict(start["headers"]), b"".join(each["body"] for each in bodies), len(bodies)


@pytest.mark.parametrize("size", [1, 100])
def test_page_comes_compressed(size: int) -> None:
    headers, body, _parts = answer(BODY * size)

    assert gzip.decompress(body) == BODY * size
    assert headers == {
        HTML[0]: HTML[1],
        b"vary": b"Accept-Encoding",
        b"content-encoding": b"gzip",
        b"content-length": b"%d" % len(body),
    }
    assert len(body) < len(BODY)


def test_what_it_varied_on_is_kept_and_its_tag_is_weak() -> None:
    headers, _body, _parts = answer(BODY, headers=[HTML, (b"vary", b"Cookie"), (b"etag", b'"a"')])

    assert (headers[b"vary"], headers[b"etag"]) == (b"Cookie, Accept-Encoding", b'W/"a"')


def test_length_tells_nothing_exact() -> None:
    assert len({len(answer(BODY)[1]) for _time in range(20)}) > 1


@pytest.mark.parametrize(
    ("parts", "headers", "asked"),
    [
        ((BODY,), [HTML], []),
        ((BODY,), [HTML], [(b"accept-encoding", b"gzip;q=0, br")]),
        ((b"short",), [HTML], [GZIP]),
        ((BODY,), [(b"content-type", b"image/webp")], [GZIP]),
        ((BODY,), [HTML, (b"content-encoding", b"gzip")], [GZIP]),
        ((BODY, BODY), [HTML], [GZIP]),
    ],
)
def test_everything_else_stays_as_it_is(parts: Any, headers: Any, asked: Any) -> None:
    assert answer(*parts, headers=headers, asked=asked) == (
        dict(headers),
        b"".join(parts),
        len(parts),
    )


@pytest.mark.parametrize(
    ("accepts", "takes"),
    [(b"gzip", True), (b"GZIP, br", True), (b"br", False), (b"gzip; q=0.0", False), (b"", False)],
)
def test_only_who_says_so_takes_it(accepts: bytes, takes: bool) -> None:
    assert takes_gzip(accepts) is takes
