"""Twisted's asyncio reactor, except that it writes first and asks the kernel only when it must.

The stock reactor registers every socket that has something to send with epoll, waits for the
kernel to say "writable", which a socket nearly always is, writes, and takes it off again: two
system calls and a turn of the event loop for each of a thousand phones. This one writes in the
next turn and registers only a socket that could not take everything. Measured: docs/decisions/0013.
"""

# mypy: disallow-untyped-calls=False

import asyncio
from typing import Any

from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.main import installReactor
from twisted.python import log


class EagerReactor(AsyncioSelectorReactor):
    """Knows nothing of Daphne; `addWriter` and `removeWriter` are Twisted's `IReactorFDSet`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # In the order they asked; a dict, because one may change its mind before its turn.
        self._eager: dict[Any, None] = {}
        self._turn_is_due = False
        super().__init__(loop)

    def addWriter(self, writer: Any) -> None:
        if writer in self._writers:
            return  # full already: the kernel tells when it may go on
        self._eager[writer] = None
        if not self._turn_is_due:
            self._turn_is_due = True
            self._loop.call_soon(self._write_eagerly)

    def removeWriter(self, writer: Any) -> None:
        if writer in self._eager:
            del self._eager[writer]
        else:
            super().removeWriter(writer)

    def getWriters(self) -> list[Any]:
        return [*self._eager, *super().getWriters()]

    def removeAll(self) -> list[Any]:
        eager = list(self._eager)
        self._eager.clear()
        removed: list[Any] = super().removeAll()
        return [*removed, *(writer for writer in eager if writer not in removed)]

    def _write_eagerly(self) -> None:
        self._turn_is_due = False
        for writer in list(self._eager):
            if writer not in self._eager:
                continue  # closed by what came before it
            try:
                self._readOrWrite(writer, False)  # closes a broken one, as for the kernel's event
            except Exception:
                # Whoever writes for a thousand must not stumble over one; but it must be seen.
                log.err(None, "eager write")
            if writer in self._eager:  # not everything went: now the kernel has to tell
                del self._eager[writer]
                super().addWriter(writer)


def install(loop: asyncio.AbstractEventLoop) -> None:
    """Make it the process's reactor, before anything imports `twisted.internet.reactor`."""
    installReactor(EagerReactor(loop))
