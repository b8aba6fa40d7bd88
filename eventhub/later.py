"""Load a heavy module when it is first needed, beside everything else that goes on."""

import asyncio
import importlib
import logging
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)


class Later:
    """One module, loaded in a thread of its own; requests that need it wait outside of the gate.

    Within the gate the first of them would hold the import's lock, and two dozen more would wait
    for it in all the places that pages of the hall need.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._loading: asyncio.Future[None] | None = None

    async def ready(self) -> None:
        """Return when the module is there. If it cannot be loaded, whoever uses it will say so."""
        if self._loading is None:
            thread = ThreadPoolExecutor(1, thread_name_prefix="later")
            self._loading = asyncio.get_running_loop().run_in_executor(thread, self._load)
            thread.shutdown(wait=False)
        await asyncio.shield(self._loading)

    def _load(self) -> None:
        try:
            importlib.import_module(self._name)
        except Exception:
            log.exception("cannot be loaded", extra={"module_name": self._name})
