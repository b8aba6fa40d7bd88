"""Ask a source once, now, to see whether it answers and what. Stores nothing, takes nothing in.

Called outside of any transaction: a slow server must hold nobody's row.
"""

import asyncio
import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wall import text
from wall.models import Source

if TYPE_CHECKING:
    from wall.sources.base import Batch, Incoming

log = logging.getLogger(__name__)

LONGEST_S = 10.0
AT_ONCE = 2  # in one process: each holds a place among the requests
SHOWN_GRAPHEMES = 200
_places = threading.BoundedSemaphore(AT_ONCE)
_typed: list[str] = []


@dataclass(frozen=True, slots=True)
class Heard:
    """What one question brought: a sentence, and the newest post or what went wrong."""

    words: str
    works: bool
    newest: str = ""  # its text, cut
    author: str = ""
    wants_secret: bool = False  # the server takes none, or not this one


def also_allow(entries: str) -> None:
    """Servers that whoever started this process named, "host:port,…", beside the setting."""
    _typed[:] = [entries] if entries else []


def ask(source: Source) -> Heard:
    """The newest page of `source` as its server gives it now. Takes ten seconds at most."""
    if not _places.acquire(blocking=False):
        return Heard(_("Other sources are being tested. Try again in a moment."), works=False)
    try:
        return _understood(asyncio.run(_fetch(source)))
    finally:
        _places.release()


async def _fetch(source: Source) -> "Batch | Heard":
    # On first use: adapters bring an HTTP client, which costs start time.
    from eventhub import __version__
    from wall.egress import from_settings
    from wall.sources import choice
    from wall.sources.base import SourceError
    from wall.sources.registry import ADAPTERS

    allow = ",".join(filter(None, [settings.EGRESS_ALLOW, *_typed]))
    egress = from_settings(allow, user_agent=f"Eventhub/{__version__}")
    try:
        async with asyncio.timeout(LONGEST_S):
            adapter = ADAPTERS[source.adapter]
            config = choice.settings_of(source)
            batch = await adapter.fetch(config, source.token, "", egress)
            wanted = (item for item in batch.items if choice.is_wanted(source, item))
            return replace(batch, items=tuple(wanted))
    except SourceError as error:
        return _failed(error.message, wants_secret=error.wants_secret)
    except TimeoutError:
        return _failed(_("The server did not answer in time."))
    except Exception:
        # Whatever an answer of a stranger makes of an adapter: the page says that it did not work.
        log.exception("test of a source failed", extra={"source": source.pk})
        return _failed(_("The server gave an answer we cannot read."))


def _failed(message: str | Promise, *, wants_secret: bool = False) -> Heard:
    return Heard(str(message), works=False, wants_secret=wants_secret)


def _understood(answer: "Batch | Heard") -> Heard:
    if isinstance(answer, Heard):
        return answer
    items = [item for item in answer.items if not item.gone]
    if not items:
        return Heard(_("It answers, and there is no post yet."), works=True)
    newest = max(items, key=lambda item: item.written_at)
    words = ngettext(
        "It works: %(count)d post came, by %(name)s.",
        "It works: %(count)d posts came, the newest by %(name)s.",
        len(items),
    )
    name = _name(newest)
    words = words % {"count": len(items), "name": name}
    return Heard(words, works=True, newest=_shown(newest), author=name)


def _name(item: "Incoming") -> str:
    return text.cut(item.name or item.author or _("somebody unnamed"), text.MAX_NAME_GRAPHEMES)


def _shown(item: "Incoming") -> str:
    return text.cut((item.text or item.summary).replace("\n", " "), SHOWN_GRAPHEMES)
