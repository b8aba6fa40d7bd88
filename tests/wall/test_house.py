"""The keeper writes: house posts with a badge by role, prepared texts, posts taken up by hand."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agenda.models import Event, Membership, User
from tests import factories, guests
from tests.replay import assert_replay, keys
from wall import house, ingest, objections, prompts
from wall.models import Action, Author, Post, Prepared, Prompt

pytestmark = pytest.mark.django_db

LINKEDIN = "https://www.linkedin.com/posts/ada_17"


@pytest.fixture
def mira(event: Event) -> User:
    guests.refill_buckets()
    return factories.make_moderator(event, first_name="Mira")


def take_up(event: Event, by: User, **fields: str) -> Post:
    given = {"address": LINKEDIN, "author": "Ada L.", "written": "Hello", "network": "linkedin"}
    return house.take_up(event, by=by, **given | fields)


# --- house posts


def test_house_post_is_on_the_wall_at_once_with_the_role_of_its_writer(
    event: Event, mira: User
) -> None:
    factories.make_rule(event, "review")

    assert_replay(event, lambda: house.write(event, "Coffee!", by=mira, idempotency="a"))

    post = Post.objects.get()
    assert (keys(event), post.badge, post.author_name, post.decided_by) == (
        [post.key],
        "moderator",
        "Mira",
        mira,
    )


@pytest.mark.parametrize("role", ["helper", "moderator", "organizer"])
def test_badge_comes_from_the_role_and_never_from_a_name(event: Event, role: str) -> None:
    person = factories.make_user(first_name="Organizer")
    Membership.objects.create(user=person, event=event, role=role)

    assert house.write(event, "Hi", by=person, idempotency="a").badge == role
    assert factories.make_note(event, author_name="Organizer").badge_words == ""


def test_sent_twice_it_stands_once(event: Event, mira: User) -> None:
    first = house.write(event, "Coffee!", by=mira, idempotency="a")

    assert house.write(event, "Coffee!", by=mira, idempotency="a") == first
    assert Post.objects.count() == 1


def test_no_source_can_pretend_to_be_the_house(event: Event, mira: User) -> None:
    source = factories.make_source(event)
    forged = factories.make_incoming(f"house:{mira.pk}:a")

    ingest.take(source, factories.make_batch(forged))
    mine = house.write(event, "Real", by=mira, idempotency="a")

    assert (mine.text, Post.objects.exclude(pk=mine.pk).get().badge) == ("Real", "")


@pytest.mark.parametrize("written", ["", " \n ", "x" * 501])
def test_empty_and_overlong_texts_are_refused(event: Event, mira: User, written: str) -> None:
    with pytest.raises(house.HouseRefused):
        house.write(event, written, by=mira, idempotency="a")


# --- prepared the day before


def test_prepared_text_is_used_once(event: Event, mira: User) -> None:
    desk = guests.signed_in(mira)
    row = house.prepare(event, "Lunch is ready", what="post", by=mira)
    where = f"/{event.slug}/desk/house/prepared/{row.pk}"

    answers = [desk.post(where, {"do": "use"}, headers=guests.JSON).json() for _ in range(2)]

    assert answers == [{"changed": True}, {"changed": False}]
    assert (Post.objects.get().text, house.ready(event)) == ("Lunch is ready", [])


def test_prepared_question_becomes_the_question(event: Event, mira: User) -> None:
    desk = guests.signed_in(mira)
    row = house.prepare(event, "What next?", what="prompt", by=mira)

    desk.post(f"/{event.slug}/desk/house/prepared/{row.pk}", {"do": "use"})

    assert Prompt.objects.get().text == "What next?"


def test_prepared_texts_of_another_event_are_not_there(event: Event, mira: User) -> None:
    elsewhere = factories.make_event()
    row = house.prepare(elsewhere, "Elsewhere", what="post", by=mira)
    desk = guests.signed_in(mira)

    answer = desk.post(f"/{event.slug}/desk/house/prepared/{row.pk}", {"do": "use"})

    assert (answer.status_code, Post.objects.count()) == (404, 0)


# --- taken up by hand


def test_taken_up_post_says_so_and_stands_under_its_address(event: Event, mira: User) -> None:
    assert_replay(event, lambda: take_up(event, mira, address=LINKEDIN + "/?utm_source=x#top"))

    post = Post.objects.get()
    assert (post.url, post.network_name, post.badge) == (LINKEDIN, "LinkedIn", "hand")
    assert Action.objects.get().about == LINKEDIN


@pytest.mark.parametrize(
    "fields",
    [
        {"address": ""},
        {"address": "linkedin.com/posts/1"},
        {"address": "javascript:alert(1)"},
        {"author": " "},
        {"written": ""},
        {"network": "lottery"},
    ],
    ids=str,
)
def test_what_is_missing_is_said(event: Event, mira: User, fields: dict[str, str]) -> None:
    with pytest.raises(house.HouseRefused):
        take_up(event, mira, **fields)
    assert (Post.objects.count(), Author.objects.count()) == (0, 0)


def test_who_objected_is_not_taken_up_again(event: Event, mira: User) -> None:
    post = take_up(event, mira)
    objections.object_to(post)

    with pytest.raises(house.HouseRefused):
        take_up(event, mira)
    with pytest.raises(house.HouseRefused):
        take_up(event, mira, address=LINKEDIN + "8")  # another post of the same author


def test_what_was_taken_down_by_address_cannot_be_taken_up(event: Event, mira: User) -> None:
    objections.take_down(event, LINKEDIN, by=mira)

    with pytest.raises(house.HouseRefused):
        take_up(event, mira)


# --- questions to the hall


def test_question_can_be_followed_answered_and_closed(event: Event, mira: User) -> None:
    assert_replay(event, lambda: prompts.ask(event, "What next?", by=mira))
    asked = Prompt.objects.get()
    note = ingest.take_note(event, attendee_key="a" * 22, written="Tea", idempotency="1").post
    assert_replay(event, lambda: prompts.put_together(asked, together=True))
    assert_replay(event, lambda: prompts.close(asked, by=mira))
    later = ingest.take_note(event, attendee_key="a" * 22, written="Cake", idempotency="2").post

    assert (note.prompt, later.prompt) == (asked, None)
    assert prompts.close(asked, by=mira) is False


def test_new_question_closes_the_one_before_and_no_session_s(event: Event, mira: User) -> None:
    session = factories.make_session(event)
    prompts.ask(event, "First?", by=mira)
    prompts.ask(event, "Of the session?", by=mira, session=session)

    prompts.ask(event, "Second?", by=mira)

    assert [one.text for one in prompts.opened(event)] == ["Second?", "Of the session?"]


def test_note_to_a_session_answers_the_question_of_that_session(event: Event, mira: User) -> None:
    session = factories.make_session(event)
    prompts.ask(event, "All?", by=mira)
    asked = prompts.ask(event, "Here?", by=mira, session=session)

    note = ingest.take_note(
        event, attendee_key="a" * 22, written="Yes", idempotency="1", session=session.pk
    ).post

    assert note.prompt == asked


@pytest.mark.parametrize("written", ["", "x" * 121])
def test_question_that_is_no_headline_is_refused(event: Event, mira: User, written: str) -> None:
    with pytest.raises(prompts.PromptRefused):
        prompts.ask(event, written, by=mira)


# --- pages


@pytest.mark.each_case
@pytest.mark.parametrize(
    ("path", "form", "made"),
    [
        ("house/post", {"text": "Hi"}, Post),
        ("house/ask", {"text": "Hi?"}, Prompt),
        ("house/prepare", {"text": "Hi", "what": "post"}, Prepared),
        (
            "take-up/",
            {"text": "Hi", "address": LINKEDIN, "author": "Ada", "network": "linkedin"},
            Post,
        ),
    ],
)
def test_forms_work_without_scripts(
    event: Event, mira: User, path: str, form: dict[str, str], made: Any
) -> None:
    desk = guests.signed_in(mira)

    done = desk.post(f"/{event.slug}/desk/{path}", form, headers=guests.HTML)
    empty = desk.post(f"/{event.slug}/desk/{path}", form | {"text": ""}, headers=guests.HTML)

    assert (done.status_code, empty.status_code) == (302, 422)
    assert made.objects.count() == 1


def test_queries_of_the_page_do_not_grow(event: Event, mira: User) -> None:
    desk, asked = guests.signed_in(mira), []
    for number in range(2):
        house.prepare(event, f"{number}", what="post", by=mira)
        prompts.ask(event, f"{number}?", by=mira, session=factories.make_session(event))
        desk.get(f"/{event.slug}/desk/house/")
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"/{event.slug}/desk/house/")
        asked.append(len(queries))

    assert asked[0] == asked[1]
