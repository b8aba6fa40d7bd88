"""Attach a tag of a real server to the demo event, once. Sets up no event, asks no server."""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from agenda import programme
from agenda.models import Event
from eventhub.live.log import Log, changing
from wall import text
from wall.models import Source
from wall.targets import parse_server

MAX_TAG_CHARS = 60


def add_mastodon(event: Event, *, server: str, tag: str, token: str = "") -> Source:
    """Read `tag` from a Mastodon server ("mastodon.social" or a full address) for `event`.

    The same server and tag are updated, never doubled, and tried again if they had stopped; an
    empty token keeps the one stored. The tag becomes the event's, and the demo's posts carry it.
    Raises ValueError in plain words for a server or tag that cannot be one.
    """
    server = parse_server(server)
    tag = parse_tag(tag)
    with changing(event) as log:
        source = next((one for one in _read_from(event, server) if _has_tag(one, tag)), None)
        if source is None:
            source = Source(
                event=event, adapter="mastodon", name=f"#{tag}, {urlsplit(server).netloc}"
            )
            source.config, source.token = {"server": server, "tag": tag}, token
            log.add(source)
        else:
            source = log.fresh(source)
            _renew(log, source, config={"server": server, "tag": tag}, token=token)
        _rename_tag(log, event, tag)
    return source


def parse_tag(typed: str) -> str:
    """The tag, without #, of what an operator typed. Raises ValueError in plain words."""
    tag = text.normalise(typed).lstrip("#＃")
    if not text.is_tag(tag) or len(tag) > MAX_TAG_CHARS:
        raise ValueError(_("The hashtag must be one word of letters and digits."))
    return tag


def _read_from(event: Event, server: str) -> Iterator[Source]:
    for source in event.sources.filter(adapter="mastodon"):
        with suppress(ValueError):
            if parse_server(source.config.get("server", "")) == server:
                yield source


def _has_tag(source: Source, tag: str) -> bool:
    return text.same_tag(source.config.get("tag", ""), tag)


def _renew(log: Log, source: Source, *, config: dict[str, str], token: str) -> None:
    """Take over what is new, and forget a failure; nothing is written if there is neither."""
    wanted = {**source.config, **config}
    new_token = token if token and token != source.token else ""
    if wanted == source.config and not new_token and source.state != Source.State.STOPPED:
        return
    source.config = wanted
    source.token = new_token or source.token
    source.state, source.error, source.next_try_at = Source.State.NEW, "", None
    log.touch(source)


def _rename_tag(log: Log, event: Event, tag: str) -> None:
    if event.hashtag != tag:
        event.hashtag = tag
        event.save(update_fields=["hashtag"])
        programme.event_changed(event)
    for source in map(log.fresh, event.sources.filter(adapter="demo")):
        if source.config.get("tag") != tag:
            source.config = {**source.config, "tag": tag}
            log.touch(source)
