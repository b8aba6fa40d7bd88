"""Post texts by HTTP, one after the other or many at once. Knows addresses only by subject."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bench import marks


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


MakeRequest = Callable[[int, str], Request]


class Publisher:
    """Numbers the texts: every text of a server's life has its own number."""

    def __init__(self, port: int, make_request: MakeRequest, chars: int) -> None:
        self._port = port
        self._make_request = make_request
        self._chars = chars
        self._next = 0
        self.refused = 0

    def span(self, texts: int) -> tuple[int, int]:
        """The numbers (first, last) that the next `texts` texts will have."""
        return self._next, self._next + texts - 1

    def steadily(self, texts: int, per_second: float) -> None:
        """One connection, each text after the answer to the one before; returns at the end."""
        connection = self._connection()
        begun_s = time.monotonic()
        for index in range(texts):
            pause_s = begun_s + index / per_second - time.monotonic()
            if pause_s > 0:
                time.sleep(pause_s)
            self._post(connection, self._next + index)
        self._next += texts
        connection.close()

    def at_once(self, texts: int, connections: int = 20) -> None:
        """As a hall does: `connections` people post at the same time until all texts are sent."""
        first = self._next
        self._next += texts

        def work(offset: int) -> None:
            connection = self._connection()
            for number in range(first + offset, first + texts, connections):
                self._post(connection, number)
            connection.close()

        workers = [threading.Thread(target=work, args=(x,)) for x in range(connections)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)

    def _post(self, connection: http.client.HTTPConnection, number: int) -> None:
        request = self._make_request(number, marks.text(number, self._chars))
        connection.request("POST", request.path, request.body, dict(request.headers))
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 300:
            self.refused += 1
