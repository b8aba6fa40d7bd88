"""A beamer becomes a screen by a typed code: by whoever organizes the event, once, and in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from agenda.models import Event, Membership
from tests import factories, guests
from tests.replay import assert_replay
from wall import pairing, screens
from wall.models import Pairing, Screen, Step

pytestmark = pytest.mark.django_db

FIELDS = {"name": "Foyer left", "stands": "foyer", "wiring": "own"}


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    guests.refill_buckets()


def organizer(event: Event) -> Client:
    user = factories.make_user()
    Membership.objects.create(user=user, event=event, role=Membership.Role.ORGANIZER)
    return guests.signed_in(user)


def waiting() -> tuple[Client, str]:
    """A beamer's browser, and the code that it shows."""
    beamer = guests.browser()
    return beamer, asked(beamer)["code"]


def asked(beamer: Client) -> Any:
    return beamer.post("/screen/wait", headers=guests.JSON).json()


def typed(client: Client, event: Event, code: str, **fields: str) -> Any:
    return client.post(f"/{event.slug}/home/screens/add", FIELDS | {"code": code} | fields)


def older(by: timedelta) -> None:
    Pairing.objects.update(made_at=timezone.now() - by)


def test_code_is_shown_with_the_address_where_it_is_typed() -> None:
    beamer, code = waiting()

    page = beamer.get("/screen").content.decode()

    assert len(code) == 6
    assert f">{code[:3]}</span>" in page
    assert "/pair" in page


def test_code_stays_while_it_is_asked_for() -> None:
    beamer, code = waiting()

    assert [asked(beamer)["code"] for _ in range(3)] == [code] * 3
    assert Pairing.objects.count() == 1


def test_typed_code_makes_this_browser_the_screen(event: Event) -> None:
    beamer, code = waiting()

    typed(organizer(event), event, code)

    assert asked(beamer) == {"state": "paired"}
    screen = Screen.objects.get(event=event)
    assert (screen.name, screen.stands, screen.wiring) == ("Foyer left", "foyer", "own")
    assert f'data-screen="{screen.key}"' in beamer.get("/screen").content.decode()


def test_paired_screen_begins_with_the_test_picture(event: Event) -> None:
    _beamer, code = waiting()
    typed(organizer(event), event, code)

    step = Step.objects.get(event=event, what=Step.What.TEST)
    assert step.until is not None
    assert (step.screen, step.until - step.since) == (Screen.objects.get(), screens.TEST_LASTS)


def test_key_is_given_until_its_page_is_open_and_never_again(event: Event) -> None:
    beamer, code = waiting()
    thief = guests.browser()
    thief.cookies[settings.PAIRING_COOKIE_NAME] = beamer.cookies[settings.PAIRING_COOKIE_NAME].value
    typed(organizer(event), event, code)
    asked(beamer)
    assert asked(beamer) == {"state": "paired"}  # the first answer was lost on the way

    beamer.get("/screen")

    assert Pairing.objects.count() == 0
    assert asked(thief)["state"] == "waiting"
    assert Screen.objects.get().seen_at is not None


def test_nothing_that_is_stored_tells_code_or_key(event: Event) -> None:
    beamer, code = waiting()
    typed(organizer(event), event, code)
    asked(beamer)

    stored = repr([*Pairing.objects.values_list(), *Screen.objects.values_list()])
    key = beamer.cookies[settings.SCREEN_COOKIE_NAME].value
    secret = beamer.cookies[settings.PAIRING_COOKIE_NAME].value.partition(".")[2]
    assert [word for word in (code, key, secret) if word in stored] == []


@pytest.mark.parametrize("write", ["lower", "spaces", "hyphen"])
def test_code_is_known_however_it_is_typed(event: Event, write: str) -> None:
    beamer, code = waiting()
    as_typed = {
        "lower": code.lower(),
        "spaces": f" {code[:3]} {code[3:]} ",
        "hyphen": f"{code[:3]}-{code[3:]}",
    }[write]

    typed(organizer(event), event, as_typed)

    assert asked(beamer) == {"state": "paired"}


@pytest.mark.parametrize("code", ["", "ABC", "ABCDEFG", "\0", "ÄÖÜ234", "😀" * 6, "A" * 5000])
def test_what_is_no_code_says_so(event: Event, code: str) -> None:
    answer = typed(organizer(event), event, code)

    assert answer.status_code == 422
    assert "six letters and digits" in answer.content.decode()


def test_code_typed_twice_is_one_screen(event: Event) -> None:
    _beamer, code = waiting()
    client = organizer(event)

    answers = [typed(client, event, code).status_code for _ in range(2)]

    assert (answers, Screen.objects.count()) == ([302, 302], 1)


def test_code_of_another_events_screen_is_unknown(event: Event) -> None:
    beamer, code = waiting()
    typed(organizer(event), event, code)
    other = factories.make_event()

    answer = typed(organizer(other), other, code)

    assert (answer.status_code, Screen.objects.filter(event=other).count()) == (422, 0)
    assert asked(beamer) == {"state": "paired"}


def test_code_pairs_nothing_for_an_event_that_one_does_not_organize(event: Event) -> None:
    beamer, code = waiting()
    stranger = organizer(factories.make_event())

    assert typed(stranger, event, code).status_code == 404
    assert typed(guests.signed_in(factories.make_moderator(event)), event, code).status_code == 404
    assert asked(beamer)["state"] == "waiting"


def test_code_ends_after_fifteen_minutes_and_is_replaced_by_itself(event: Event) -> None:
    beamer, code = waiting()
    older(pairing.LIFE)

    assert typed(organizer(event), event, code).status_code == 422
    assert asked(beamer)["code"] != code
    assert Pairing.objects.count() == 1


def test_guessing_is_slowed_down_and_a_right_code_with_it(event: Event) -> None:
    _beamer, code = waiting()
    client = organizer(event)

    found = [typed(client, event, f"AAAA{a}{b}").status_code for a in "BCDE" for b in "BCDE"]

    assert (found[:10], set(found[10:])) == ([422] * 10, {429})
    assert typed(client, event, code).status_code == 429
    assert Screen.objects.count() == 0


def test_guessing_by_many_people_of_one_event_is_slowed_down(event: Event) -> None:
    people = [organizer(event) for _ in range(4)]

    found = [typed(one, event, "AAAAAA").status_code for one in people for _ in range(9)]

    assert found.count(422) == 30


def test_codes_are_made_slowly_for_one_address() -> None:
    found = [guests.browser().post("/screen/wait").status_code for _ in range(30)]

    assert found == [302] * 20 + [429] * 10


def test_those_who_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "MAX_WAITING", 3)
    first = pairing.begin()

    for _ in range(3):
        pairing.begin()

    assert (Pairing.objects.count(), pairing.known(first.cookie)) == (3, None)


@pytest.mark.parametrize("cookie", ["", ".", "ABCDEF.", "ABCDEF.x", "\0.\0", "a" * 5000])
def test_odd_cookies_wait_for_nothing(cookie: str) -> None:
    assert pairing.known(cookie) is None


def test_secret_with_another_code_is_no_cookie() -> None:
    assert pairing.known(f"AAAAAA.{pairing.begin().secret}") is None


# --- a beamer in the place of another


def test_replaced_beamer_is_signed_off_and_the_new_one_is_set_like_it(event: Event) -> None:
    screen = factories.make_screen(event, key="old", name="Hall", theme="dark")
    beamer, code = waiting()

    typed(organizer(event), event, code, instead=screen.key)
    asked(beamer)

    assert 'data-theme="dark"' in beamer.get("/screen").content.decode()
    assert Screen.objects.count() == 1
    assert guests.beamer("old").post("/screen/here").status_code == 404


def test_another_events_screen_is_replaced_by_nobody_here(event: Event) -> None:
    foreign = factories.make_screen(factories.make_event(), key="theirs")
    beamer, code = waiting()

    answer = typed(organizer(event), event, code, instead=foreign.key)

    assert (answer.status_code, asked(beamer)["state"]) == (404, "waiting")


def test_pairing_is_replayable(event: Event) -> None:
    first, second = waiting()[1], waiting()[1]
    told = ["screen", "screens"]

    assert_replay(event, lambda: pairing.pair(event, first, by=None, name="Hall"), topics=told)
    screen = Screen.objects.get()
    assert_replay(event, lambda: pairing.replace(screen, second, by=None), topics=told)


# --- the short address


def test_short_address_leads_to_the_only_event(event: Event) -> None:
    answer = organizer(event).get("/pair?code=abc 234")

    assert answer.headers["Location"] == f"/{event.slug}/home/screens/add?code=ABC234"


def test_short_address_asks_for_which_event(event: Event) -> None:
    user = factories.make_user(is_superuser=True)
    factories.make_event(name="Other one")

    page = guests.signed_in(user).get("/pair?code=ABC234").content.decode()

    assert "Other one" in page
    assert f"/{event.slug}/home/screens/add?code=ABC234" in page
