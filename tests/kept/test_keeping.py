"""What a view may declare keepable: only what says nothing of who asks, whoever it was made for."""

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from pytest_django import Settings

from agenda import attendees
from agenda.models import Event
from eventhub.keeping import keepable
from eventhub.live.models import new_key
from tests import factories
from tests.kept.conftest import Front

pytestmark = pytest.mark.django_db(transaction=True)


def said_to(request: Any) -> str:
    return f"{request.attendee_key} {request.COOKIES} {request.user}"


@keepable()
def for_visitors(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(said_to(request))


@keepable(for_everybody=True)
def for_everybody(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(said_to(request))


@keepable(for_everybody=True)
def with_a_form(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(get_token(request))


@keepable(for_everybody=True)
def private(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse("x", headers={"Cache-Control": "private"})


@keepable(for_everybody=True)
def by_browser(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse("x", headers={"Vary": "User-Agent"})


@keepable(for_everybody=True)
def missing(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse("x", status=404)


@keepable(for_everybody=True, unless=("q",))
def searched(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse("x")


def undeclared(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse("x")


VIEWS = (
    for_visitors, for_everybody, with_a_form, private, by_browser, missing, searched, undeclared,
)  # fmt: skip
urlpatterns = [
    *(path(f"<slug:slug>/{view.__name__}", view) for view in VIEWS),
    path("", include("eventhub.urls")),
]


@pytest.fixture(autouse=True)
def our_views(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
async def event(front: Front) -> Event:
    made: Event = await front.do(factories.make_event)
    return made


def guest(event: Event) -> str:
    return f"attendee-{event.pk}={attendees.sign(event.pk, new_key())}"


async def test_page_for_visitors_is_not_given_to_a_guest(front: Front, event: Event) -> None:
    stranger = await front.twice(f"/{event.slug}/for_visitors")

    said = await front.get(f"/{event.slug}/for_visitors", cookie=guest(event))

    assert said.body != stranger.body
    assert front.worked == 3


async def test_page_for_visitors_is_not_kept_from_a_guest(front: Front, event: Event) -> None:
    await front.twice(f"/{event.slug}/for_visitors", cookie=guest(event))

    said = await front.get(f"/{event.slug}/for_visitors")

    assert said.body == b"None {} AnonymousUser"
    assert front.worked == 3


@pytest.mark.parametrize("cookie", ["screen=x", "csrf=x", "messages=x", "some-other=x"])
async def test_any_cookie_but_the_language_makes_a_visitor_somebody(
    front: Front, event: Event, cookie: str
) -> None:
    await front.twice(f"/{event.slug}/for_visitors")

    await front.get(f"/{event.slug}/for_visitors", cookie=cookie)
    assert front.worked == 3

    await front.get(f"/{event.slug}/for_visitors", cookie="language=en")
    assert front.worked == 3


async def test_answer_for_everybody_is_made_without_knowing_who_asks(
    front: Front, event: Event
) -> None:
    def sign_in() -> str:
        session = SessionStore()
        session["_auth_user_id"] = str(factories.make_user().pk)
        session.save()
        return f"session={session.session_key}; {guest(event)}"

    somebody = await front.do(sign_in)
    said = await front.twice(f"/{event.slug}/for_everybody", cookie=somebody)

    assert said.body == b"None {} AnonymousUser"
    assert (await front.get(f"/{event.slug}/for_everybody")).body == said.body
    assert front.worked == 2


@pytest.mark.parametrize("name", ["with_a_form", "private", "by_browser", "missing", "undeclared"])
async def test_what_speaks_against_itself_is_not_kept(
    front: Front, event: Event, name: str
) -> None:
    await front.twice(f"/{event.slug}/{name}")
    await front.get(f"/{event.slug}/{name}")

    assert front.worked == 3
    assert len(front.kept._answers) == 0


async def test_what_is_looked_for_is_not_kept(front: Front, event: Event) -> None:
    await front.twice(f"/{event.slug}/searched?q=word")
    await front.twice(f"/{event.slug}/searched")
    await front.get(f"/{event.slug}/searched")

    assert front.worked == 4
    assert len(front.kept._answers) == 1
