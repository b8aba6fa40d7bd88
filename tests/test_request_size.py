"""A body larger than anything we take is refused before it is on the disk."""

import socket
from collections.abc import Iterator

import pytest

from tests.aide import Copied
from tests.processes import Served
from tests.ready_made import prepared

pytestmark = [pytest.mark.processes, pytest.mark.sqlite]

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Copied(prepared(tmp_path_factory.mktemp("served"))) as running:
        yield running


def answer_to(served: Served, head: str, body: bytes, *, path: str = "/nowhere/me") -> bytes:
    """What comes back to a raw request; b"" if the connection is closed without a word."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        request = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n{head}\r\n\r\n"
        try:
            connection.sendall(request.encode() + body)
            return connection.recv(4096)
        except (ConnectionResetError, BrokenPipeError):
            return b""


def test_announced_body_that_is_too_large_is_refused_at_once(served: Served) -> None:
    answer = answer_to(served, f"Content-Length: {300 * MIB}", b"")

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_chunked_body_is_cut_when_it_has_grown_too_large(served: Served) -> None:
    chunk = b"%x\r\n" % MIB + b"x" * MIB + b"\r\n"

    answer = answer_to(served, "Transfer-Encoding: chunked", chunk * 8)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("path", ["/nowhere/home/import/", "/events/new"])
def test_programme_may_be_a_file_of_ten_mebibytes(served: Served, path: str) -> None:
    size = 10 * MIB + 1000

    answer = answer_to(served, f"Content-Length: {size}", b"x" * size, path=path)

    assert answer.startswith((b"HTTP/1.1 403 ", b"HTTP/1.1 404 ", b"HTTP/1.1 302 "))


@pytest.mark.parametrize("path", ["/nowhere/notes", "/nowhere/notes?a=b"])
def test_note_may_bring_a_photo(served: Served, path: str) -> None:
    answer = answer_to(served, f"Content-Length: {8 * MIB}", b"x" * 8 * MIB, path=path)

    assert answer.startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/nowhere/notes", 10 * MIB),
        ("/nowhere/home/import/", 12 * MIB),
        ("/nowhere/home/import", 4 * MIB),
        ("/nowhere/notes/", 4 * MIB),
        ("/nowhere/me?/x/notes", 4 * MIB),
        ("/a/b/notes", 4 * MIB),
        ("http://127.0.0.1/nowhere/notes", 4 * MIB),
    ],
)
def test_no_other_address_takes_so_much(served: Served, path: str, size: int) -> None:
    answer = answer_to(served, f"Content-Length: {size}", b"", path=path)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_chunked_photo_is_cut_at_its_own_limit(served: Served) -> None:
    chunk = b"%x\r\n" % MIB + b"x" * MIB + b"\r\n"

    answer = answer_to(served, "Transfer-Encoding: chunked", chunk * 12, path="/nowhere/notes")

    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_form_with_files_that_are_too_large_is_answered_in_words(
    served: Served, accept: str
) -> None:
    """All of it is read, as a browser wants; a program learns the same in its own way."""
    kind = "Content-Type: multipart/form-data; boundary=x"
    head = f"{kind}\r\nAccept: {accept}\r\nAccept-Language: en\r\nContent-Length: {60 * MIB}"

    answer = answer_to(served, head, b"x" * 60 * MIB, path="/events/new")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert accept.encode() in answer
    assert b"choose smaller files" in answer


def test_form_that_is_far_too_large_is_not_even_read(served: Served) -> None:
    head = f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {300 * MIB}"

    answer = answer_to(served, head, b"", path="/nowhere/home/placards/")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b"Content-Length: 0\r\n\r\n")


def test_nobody_can_say_so_themselves(served: Served) -> None:
    head = "Eventhub-Oversized: 1\r\nContent-Length: 4"

    answer = answer_to(served, head, b"a=b&", path="/events/new")

    assert answer.startswith(b"HTTP/1.1 403 ")


def test_body_of_usual_size_reaches_the_pages(served: Served) -> None:
    answer = answer_to(served, "Content-Length: 1000", b"x" * 1000)

    assert answer.startswith(b"HTTP/1.1 404 ")
