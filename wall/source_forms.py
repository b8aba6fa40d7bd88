"""The kinds of sources that a page offers, a form each: what it asks, and where to get a secret.

A new kind appears here as a class and in `wall.sources.registry` as a line.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wall import hook_secrets
from wall.hosts import shown_host
from wall.source_fields import (
    AddressField,
    HandleField,
    SecretField,
    ServerField,
    TagField,
    TagsField,
    host_in,
)
from wall.source_form import SourceForm


class MastodonForm(SourceForm):
    kind = "mastodon"
    title = "Mastodon"
    lead = gettext_lazy(
        "Public posts with a hashtag, as one server knows them. GoToSocial, Pixelfed and others "
        "that speak like Mastodon will do. A second server finds what the first has not heard of."
    )
    own = ("server", "tag", "secret")
    meant_for = ("server",)
    makes_secrets = "{server}/settings/applications"
    where = gettext_lazy(
        "With a token posts arrive within a second, and some servers ask for one. Get it on this "
        "very server, signed in: Preferences, Development, New application. Tick read:statuses "
        "only, save, open the application and copy “Your access token”."
    )
    server = ServerField(
        label=gettext_lazy("Server"), help_text=gettext_lazy("For example mastodon.social")
    )
    tag = TagField(label=gettext_lazy("Hashtag"))
    secret = SecretField(label=gettext_lazy("Access token, if you have one"), required=False)

    def default_name(self) -> str:
        return f"#{self.config['tag']}, {host_in(self.config['server'])}"


class BlueskyForm(SourceForm):
    kind = "bluesky"
    title = "Bluesky"
    lead = gettext_lazy(
        "Public posts with a hashtag, found by asking every few seconds. Light: right for the "
        "line of a venue."
    )
    own = ("service", "handle", "tag", "secret")
    meant_for = ("service", "handle")
    needs_secret = True
    makes_secrets = "https://bsky.app/settings/app-passwords"
    where = gettext_lazy(
        "Bluesky lets nobody search without an account. Get an app password there, signed in: "
        "Settings, Privacy and security, App passwords, Add. Never type the password of the "
        "account itself."
    )
    service = ServerField(
        label=gettext_lazy("Server of the account"), initial="https://bsky.social"
    )
    handle = HandleField(
        label=gettext_lazy("Account"), help_text=gettext_lazy("For example mira.bsky.social")
    )
    tag = TagField(label=gettext_lazy("Hashtag"))
    secret = SecretField(label=gettext_lazy("App password"), required=False)

    def default_name(self) -> str:
        return f"#{self.config['tag']}, Bluesky"


class JetstreamForm(SourceForm):
    kind = "jetstream"
    title = gettext_lazy("Bluesky, at once (Jetstream)")
    lead = gettext_lazy(
        "Posts of Bluesky within a second, without an account. It reads the whole network all "
        "the time, some hundred posts a second: for a server with a good line, not for a venue."
    )
    own = ("host", "tag")
    host = ServerField(
        label=gettext_lazy("Jetstream server"),
        initial="https://jetstream2.us-east.bsky.network",
        bare=True,
    )
    tag = TagField(label=gettext_lazy("Hashtag"))

    def default_name(self) -> str:
        return f"#{self.config['tag']}, Jetstream"


class FeedForm(SourceForm):
    kind = "feed"
    title = gettext_lazy("Feed (RSS, Atom)")
    lead = gettext_lazy(
        "Articles of a blog, posts of a hashtag as a feed: whatever has an address that a feed "
        "reader takes. It is asked once a minute; what is deleted there is noticed late or never."
    )
    own = ("url",)
    include_tags = TagsField(label=gettext_lazy("Only with one of these hashtags"))
    url = AddressField(
        label=gettext_lazy("Address of the feed"),
        help_text=gettext_lazy("For example https://mastodon.social/tags/barcamp.rss"),
    )

    def default_name(self) -> str:
        return f"{_('Feed')}, {shown_host(host_in(self.config['url']))}"


class HookForm(SourceForm):
    kind = "hook"
    title = gettext_lazy("Webhook")
    lead = gettext_lazy(
        "An automation of yours sends posts here: a form, a bot, a gateway to another network. "
        "You get an address and a secret with which it signs what it sends."
    )
    is_asked = False
    include_tags = TagsField(label=gettext_lazy("Only with one of these hashtags"))

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.secret = hook_secrets.renewed("")[1] if self.source is None else ""

    @property
    def token(self) -> str | None:
        """Made by us, once: to be shown after the source is there, and renewed by a button."""
        return self.secret or None

    def default_name(self) -> str:
        return "Webhook"


FORMS: Mapping[str, type[SourceForm]] = {
    form.kind: form for form in (MastodonForm, BlueskyForm, JetstreamForm, FeedForm, HookForm)
}


def title_of(kind: str) -> str:
    """What a kind is called on a page."""
    return str(FORMS[kind].title) if kind in FORMS else kind.capitalize()
