"""The proxy's bad networks, seen from plain sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.tcp_proxy import TcpProxy


@pytest.fixture
def echo_port() -> Iterator[int]:
    """A server that sends back what it gets."""

    def answer(connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(4096):
                    connection.sendall(data)
            except OSError:
                pass

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def call(proxy: TcpProxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=5)


def ask(connection: socket.socket, data: bytes) -> bytes:
    connection.sendall(data)
    got = b""
    while len(got) < len(data):
        more = connection.recv(4096)
        if not more:
            break
        got += more
    return got


def test_healthy_proxy_carries_both_ways_and_passes_the_end_on(echo_port: int) -> None:
    with TcpProxy(echo_port) as proxy, call(proxy) as phone:
        assert ask(phone, b"hello") == b"hello"

        phone.shutdown(socket.SHUT_WR)

        assert phone.recv(10) == b""


def test_cut_resets_open_and_new_connections_until_healed(echo_port: int) -> None:
    with TcpProxy(echo_port) as proxy:
        with call(proxy) as phone:
            assert ask(phone, b"one") == b"one"
            proxy.cut()
            with pytest.raises(ConnectionError):
                ask(phone, b"two")
        with pytest.raises(ConnectionError), call(proxy) as phone:
            phone.recv(1)

        proxy.heal()

        with call(proxy) as phone:
            assert ask(phone, b"three") == b"three"


def test_half_open_swallows_silently_and_stays_dead_for_old_connections(echo_port: int) -> None:
    with TcpProxy(echo_port) as proxy, call(proxy) as old:
        assert ask(old, b"one") == b"one"
        proxy.half_open()
        old.settimeout(0.2)
        with pytest.raises(TimeoutError):
            ask(old, b"two")

        proxy.heal()

        with pytest.raises(TimeoutError):
            ask(old, b"three")
        with call(proxy) as fresh:
            assert ask(fresh, b"four") == b"four"


def test_delay_and_trickle_slow_down_without_losing_a_byte(echo_port: int) -> None:
    data = bytes(range(256)) * 4
    with TcpProxy(echo_port) as proxy, call(proxy) as phone:
        proxy.delay(0.1)
        begun = time.monotonic()
        assert ask(phone, b"x") == b"x"
        assert time.monotonic() - begun >= 0.2  # once there, once back

        proxy.heal()
        proxy.trickle(len(data) * 4)
        begun = time.monotonic()
        assert ask(phone, data) == data
        assert time.monotonic() - begun >= 0.2


def test_proxy_without_a_server_behind_resets(echo_port: int) -> None:
    with TcpProxy(echo_port) as proxy:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            proxy.target_port = taken.getsockname()[1]
        with pytest.raises(ConnectionError), call(proxy) as phone:
            phone.recv(1)
