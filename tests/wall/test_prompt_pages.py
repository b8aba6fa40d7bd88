"""What the hall is being asked stands above the composer and on every screen, and goes with it."""

import pytest

from agenda.models import Event
from tests import factories, guests
from tests.replay import assert_replay, keys
from wall import prompts

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_question_is_the_headline_while_it_is_open(event: Event) -> None:
    session = factories.make_session(event)
    guest = guests.guest(event)
    asked = prompts.ask(event, "What next, all?", by=None)
    prompts.ask(event, "And in here?", by=None, session=session)

    def headline(more: str = "") -> str:
        page = guest.get(f"/{event.slug}/wall/{more}").content.decode()
        return page.partition('data-shows="prompt">')[2].partition("<")[0]

    open_to = [headline(), headline(f"?session={session.pk}")]
    prompts.close(asked, by=None)

    assert open_to == ["What next, all?", "And in here?"]
    assert headline() != "What next, all?"


def test_question_is_told_to_phones_and_screens_and_leaves_them(event: Event) -> None:
    topics = ["prompt", "screen", "desk"]
    asked = prompts.ask(event, "First?", by=None)

    assert_replay(event, lambda: prompts.ask(event, "Second?", by=None), topics=topics)

    (only,) = keys(event, "prompt")
    assert only != asked.key
    assert_replay(event, lambda: prompts.close(prompts.opened(event)[0], by=None), topics=topics)
    assert keys(event, "prompt") == []


def test_answers_carry_their_question_and_no_other_post_does(event: Event) -> None:
    factories.make_screen(event, key="a-key")
    asked = prompts.ask(event, "What next?", by=None)
    factories.make_note(event, prompt=asked)
    factories.make_note(event)

    page = guests.beamer("a-key").get("/screen").content.decode()

    assert page.count(f'data-prompt="{asked.pk}"') == 1
    assert page.count(f'data-prompt-number="{asked.pk}"') == 1


def test_question_of_another_event_is_not_heard(event: Event) -> None:
    prompts.ask(factories.make_event(), "Elsewhere?", by=None)

    assert keys(event, "prompt") == []
