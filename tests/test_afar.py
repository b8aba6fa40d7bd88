"""The event from afar: public, live, the same wall; closed to strangers; no rehearsal seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agenda.models import Event
from eventhub.live.log import changing
from tests import factories, guests
from wall import moderation, steps
from wall.models import Rehearsal

pytestmark = pytest.mark.django_db


def seen(event: Event) -> str:
    return guests.browser().get(f"/{event.slug}/afar/").content.decode()


def test_afar_shows_wall_and_programme_and_follows_both(event: Event) -> None:
    post = factories.make_post(event, text="Vom Sofa aus gelesen")
    factories.make_slot(event, session=factories.make_session(event, "Eröffnung"))

    page = seen(event)

    assert [words in page for words in (post.text, "Eröffnung")] == [True, True]
    assert 'topics="event programme wall moves prompt"' in page


def test_afar_says_nothing_that_is_not_on_the_wall(event: Event) -> None:
    factories.make_post(event, text="wartet noch", state="pending")
    gone = factories.make_post(event, text="war kurz da")
    assert "war kurz da" in seen(event)

    moderation.hide(gone, by=factories.make_moderator(event))

    assert [words in seen(event) for words in ("wartet noch", "war kurz da")] == [False, False]


def test_afar_is_empty_while_the_wall_is_cleared(event: Event) -> None:
    factories.make_post(event, text="Hallo")

    steps.take(event, "clear", by=None)

    assert "Hallo" not in seen(event)


def test_afar_of_a_closed_event_is_for_its_guests(event: Event) -> None:
    factories.make_post(event, text="Unter uns")
    Event.objects.filter(pk=event.pk).update(closed=True)

    stranger = guests.browser().get(f"/{event.slug}/afar/")
    guest = guests.guest(event, "a-guest").get(f"/{event.slug}/afar/")

    assert (stranger.status_code, "Unter uns" in stranger.content.decode()) == (403, False)
    assert (guest.status_code, "Unter uns" in guest.content.decode()) == (200, True)


def test_rehearsal_is_not_seen_from_afar(event: Event) -> None:
    before = seen(event)
    with changing(event) as log:
        later = timezone.now() + timedelta(hours=3)
        log.add(Rehearsal(event=event, starts_at=later, speed=60))

    def without_cursor(page: str) -> list[str]:
        return [line for line in page.splitlines() if "cursor=" not in line]

    assert without_cursor(seen(event)) == without_cursor(before)


def test_now_page_leads_there(event: Event) -> None:
    page = guests.browser().get(f"/{event.slug}/").content.decode()

    assert f'href="/{event.slug}/afar/"' in page
