"""A real tag beside the demo: attached once, tried again, the event's hashtag from then on."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from agenda.models import Event
from eventhub.live.log import changing
from eventhub.live.models import Change, Stream
from eventhub.live.topics import registry
from wall import demo, demo_day, demo_tag
from wall.models import Source

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def event(settings: Settings) -> Event:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return demo.ensure_demo(timezone.now()).event


def head(event: Event) -> int:
    return Stream.objects.get(event_id=event.pk).head


def test_mastodon_source_is_added_and_gives_the_event_its_hashtag(event: Event) -> None:
    source = demo_tag.add_mastodon(event, server="mastodon.social", tag="#indieweb", token="geheim")

    stored = Source.objects.get(event=event, adapter="mastodon")
    assert (stored, stored.name) == (source, "#indieweb, mastodon.social")
    assert stored.config == {"server": "https://mastodon.social", "tag": "indieweb"}
    assert (stored.token, stored.state) == ("geheim", Source.State.NEW)
    assert Event.objects.get().hashtag == event.hashtag == "indieweb"
    assert Source.objects.get(event=event, adapter="demo").config["tag"] == "indieweb"
    told = Change.objects.filter(event_id=event.pk, kind="event").values_list("topics", flat=True)
    assert list(told) == [" ".join(registry.shared())]


def test_same_server_and_tag_are_not_doubled_and_nothing_is_told(event: Event) -> None:
    first = demo_tag.add_mastodon(event, server="mastodon.social", tag="indieweb", token="geheim")
    before = head(event)

    again = demo_tag.add_mastodon(
        event, server="https://Mastodon.Social/", tag="#indieweb", token=""
    )

    assert (again, again.token, head(event)) == (first, "geheim", before)


def test_another_spelling_or_token_updates_the_source(event: Event) -> None:
    first = demo_tag.add_mastodon(event, server="mastodon.social", tag="indieweb", token="alt")

    again = demo_tag.add_mastodon(event, server="mastodon.social", tag="IndieWeb", token="neu")

    assert (again, again.config["tag"], again.token) == (first, "IndieWeb", "neu")
    assert Event.objects.get().hashtag == "IndieWeb"


def test_stopped_source_is_tried_again_from_where_it_was(event: Event) -> None:
    source = demo_tag.add_mastodon(event, server="mastodon.social", tag="indieweb")
    with changing(event) as log:
        stopped = log.fresh(source)
        stopped.state, stopped.error, stopped.cursor = Source.State.STOPPED, "Nein.", "42"
        log.touch(stopped)

    again = demo_tag.add_mastodon(event, server="mastodon.social", tag="indieweb")

    assert (again.pk, again.state, again.error) == (source.pk, Source.State.NEW, "")
    assert again.cursor == "42"


def test_another_server_or_tag_is_another_source(event: Event) -> None:
    for server, tag in [
        ("a.example", "eins"),
        ("a.example", "zwei"),
        ("http://127.0.0.1:3000", "eins"),
    ]:
        demo_tag.add_mastodon(event, server=server, tag=tag)

    assert [source.name for source in event.sources.filter(adapter="mastodon").order_by("pk")] == [
        "#eins, a.example",
        "#zwei, a.example",
        "#eins, 127.0.0.1:3000",
    ]


@pytest.mark.parametrize(
    ("server", "tag"),
    [
        ("", "ok"),
        ("two words", "ok"),
        ("a.example", "two words"),
        ("a.example", "#"),
        ("a.example", "x" * 61),
    ],
)
def test_impossible_server_or_tag_is_refused_and_nothing_changes(
    event: Event, server: str, tag: str
) -> None:
    before = head(event)

    with pytest.raises(ValueError, match=r"\."):
        demo_tag.add_mastodon(event, server=server, tag=tag)

    assert (head(event), Event.objects.get().hashtag) == (before, demo_day.HASHTAG)
