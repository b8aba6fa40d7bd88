"""Which kinds of sources exist: one line each. Decides nothing."""

from __future__ import annotations

from wall.sources.base import Adapter
from wall.sources.bluesky import Bluesky
from wall.sources.demo import Demo
from wall.sources.feed import Feed
from wall.sources.jetstream import Jetstream
from wall.sources.mastodon import Mastodon

ADAPTERS: dict[str, Adapter] = {
    "mastodon": Mastodon(),
    "bluesky": Bluesky(),
    "jetstream": Jetstream(),
    "feed": Feed(),
    "demo": Demo(),
}
