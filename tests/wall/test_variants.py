"""The event's hashtag as people mistype it is named to the keeper; what is another tag is not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agenda.models import Event, Membership, User
from tests import factories, guests
from wall import actions, variants
from wall.facets import facets_of, pack
from wall.models import Action, Post
from wall.sources.choice import also_read, settings_of
from wall.variants import Variant, is_near

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return factories.make_event(hashtag="Wirtschaftstag26", language="en")


def organizer(event: Event) -> User:
    user = factories.make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return user


def post(event: Event, text: str, **fields: str) -> Post:
    return factories.make_post(event, text=text, facets=pack(facets_of(text)), **fields)


NEAR = [
    ("wirtschaftstag25", "Wirtschaftstag26"),
    ("Wirtschaftstag", "Wirtschaftstag26"),
    ("WIRTSCHAFTSTAG2026", "Wirtschaftstag26"),
    ("wirtschafts_tag26", "Wirtschaftstag26"),
    ("wirtschatfstag26", "Wirtschaftstag26"),
    ("wirtschaftstage26", "Wirtschaftstag26"),
    ("wirtschafstag26", "Wirtschaftstag26"),
    ("Zukunftlaer", "ZukunftLär"),
    ("zukunftlar", "ZukunftLär"),
    ("barcamp_hh", "BarcampHH"),
    ("ｂａｒｃａｍｐｈ", "BarcampHH"),
    ("KI_26", "KI26"),
]
FAR = [
    ("wirtschaftstag26", "Wirtschaftstag26"),
    ("ＷIRTSCHAFTSTAG26", "Wirtschaftstag26"),
    ("wirtschaft", "Wirtschaftstag26"),
    ("marktwirtschaft", "Wirtschaftstag26"),
    ("AI", "KI"),
    ("KO26", "KI26"),
    ("2026", "Wirtschaftstag26"),
    ("x" * 5000, "Wirtschaftstag26"),
]


@pytest.mark.parametrize(("tag", "own"), NEAR)
def test_slip_of_the_tag_is_near(tag: str, own: str) -> None:
    assert is_near(tag, own)


@pytest.mark.parametrize(("tag", "own"), FAR, ids=range(len(FAR)))
def test_the_tag_itself_and_other_words_are_not(tag: str, own: str) -> None:
    assert not is_near(tag, own)


@pytest.mark.parametrize("length", [9, 12, 40])
def test_two_slips_are_near_in_a_long_tag_and_three_are_not(length: int) -> None:
    own = ("abcdefghijklmnop" * 3)[:length]
    for place in (0, length // 2, length - 3):
        two = own[:place] + "zz" + own[place + 2 :]
        three = own[:place] + "zzz" + own[place + 3 :]
        assert (is_near(two, own), is_near(three, own)) == (True, False)


def test_variants_are_counted_by_posts_most_frequent_first(event: Event) -> None:
    for text in ("#wirtschaftstag25", "#Wirtschaftstag25 #wirtschaftstag25", "#wirtschaftstag25"):
        post(event, text)
    post(event, "#Wirtschaftstag")
    post(event, "#Wirtschaftstag26 #Kaffee")
    post(event, "#Wirtschaftstag", state="withdrawn")
    post(factories.make_event(), "#Wirtschaftstagg26")

    found = variants.of_event(event)

    assert found == [Variant("wirtschaftstag25", 3), Variant("Wirtschaftstag", 1)]


def test_tag_that_a_source_reads_on_purpose_is_none(event: Event) -> None:
    factories.make_source(event, include_tags=["wirtschaftstag25"])
    post(event, "#wirtschaftstag25")

    assert variants.of_event(event) == []


def test_event_without_a_tag_has_none() -> None:
    event = factories.make_event(hashtag="")
    post(event, "#anything")

    assert variants.of_event(event) == []


def test_desk_names_them_and_one_tap_finds_their_posts(event: Event) -> None:
    meant = post(event, "So good #wirtschaftstag25")
    post(event, "So good #wirtschaftstag252 #Wirtschaftstag26")
    client = guests.signed_in(factories.make_moderator(event))

    desk = client.get(f"/{event.slug}/desk/").content.decode()
    beat = client.post(f"/{event.slug}/desk/here", headers={"accept": "application/json"}).json()
    found = client.get(f"/{event.slug}/desk/search?tag=wirtschaftstag25").content.decode()

    where = f'href="/{event.slug}/desk/search?tag=wirtschaftstag25"'
    assert where in desk
    assert where in beat["variants"]
    assert f'data-key="{meant.key}"' in found
    assert found.count("data-key=") == 2  # and the look of the page


def test_asking_is_two_questions_however_many_posts(event: Event) -> None:
    counts = []
    for _ in range(2):
        post(event, "#wirtschaftstag25")
        post(event, "#Wirtschaftstag")
        with CaptureQueriesContext(connection) as captured:
            variants.of_event(event)
        counts.append(len(captured))

    assert counts == [2, 2]


def test_organizer_lets_the_networks_be_asked_for_it_by_one_tap(event: Event) -> None:
    post(event, "So good #wirtschaftstag25")
    config = {"server": "https://social.example", "tag": event.hashtag}
    toots = factories.make_source(event, config=config)
    full = factories.make_source(event, config=config, include_tags=["a", "b", "c"])
    feed = factories.make_source(event, adapter="feed", config={"url": "https://moor.example/"})
    ina = guests.signed_in(organizer(event))
    desk = ina.get(f"/{event.slug}/desk/").content.decode()
    assert (
        f'formaction="/{event.slug}/home/sources/also" name="tag" value="wirtschaftstag25"' in desk
    )

    for _twice in range(2):
        answer = ina.post(f"/{event.slug}/home/sources/also", {"tag": "wirtschaftstag25"})

    assert answer.headers["Location"] == f"/{event.slug}/desk/"
    for source, read in ((toots, ["wirtschaftstag25"]), (full, ["a", "b", "c"]), (feed, [])):
        source.refresh_from_db()
        assert source.include_tags == read
    assert also_read(settings_of(toots), event.hashtag) == ["wirtschaftstag25"]
    beat = ina.post(f"/{event.slug}/desk/here", headers={"accept": "application/json"}).json()
    assert "hidden" in beat["variants"]  # nothing is left to be named
    (deed,) = Action.objects.filter(event=event)
    with translation.override("en"):
        assert (actions.words(deed), deed.count) == ("Read as well: #wirtschaftstag25", 1)
    assert actions.undo(deed, by=None)
    toots.refresh_from_db()
    assert toots.include_tags == []


@pytest.mark.parametrize(
    ("tag", "tags", "said"),
    [
        ("kein tag", [], "A hashtag has only letters, digits and _."),
        ("drei", ["a", "b", "c"], "Three further hashtags are the most that a source reads. "),
        ("drei", None, "No source reads a hashtag. Add one first."),
    ],
)
def test_what_no_source_can_read_is_said(
    event: Event, tag: str, tags: list[str] | None, said: str
) -> None:
    if tags is not None:
        factories.make_source(event, include_tags=tags)
    ina = guests.signed_in(organizer(event))

    answer = ina.post(f"/{event.slug}/home/sources/also", {"tag": tag}, headers=guests.JSON)

    assert answer.status_code == 422
    assert answer.json()["error"]["message"].startswith(said)


def test_moderators_are_offered_the_search_alone(event: Event) -> None:
    post(event, "So good #wirtschaftstag25")
    factories.make_source(event)
    client = guests.signed_in(factories.make_moderator(event))

    desk = client.get(f"/{event.slug}/desk/").content.decode()

    assert "search?tag=wirtschaftstag25" in desk
    assert "home/sources/also" not in desk
