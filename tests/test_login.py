"""Signing in: slow for whoever guesses, never for their neighbours; harmless cookies."""

import re
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from agenda import login
from agenda.models import Event, User
from tests import factories, guests
from tests.processes import Installation

# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PASSWORD = "kupfer-wolke-7314"
DOORS = ["/login/", "/admin/login/"]
THROTTLED = "Too many tries. Please wait %(seconds)d seconds."


@pytest.fixture(autouse=True)
def full_buckets(settings: Settings) -> None:
    guests.refill_buckets()
    settings.PASSWORD_HASHERS = guests.FAST_HASHERS


@pytest.fixture
def mira(event: Event) -> User:
    return factories.make_moderator(event, "mira", password=PASSWORD, is_staff=True)


def enter(
    door: str = "/login/",
    *,
    username: str = "mira",
    password: str = PASSWORD,
    address: str = "192.0.2.1",
    forwarded_for: str = "",
) -> str:
    """What a person reads who tries to sign in: "in", "wrong" or "wait N"."""
    client = guests.browser(address=address)
    headers = {"X-Forwarded-For": forwarded_for} if forwarded_for else {}
    answer = client.post(door, {"username": username, "password": password}, headers=headers)
    if configured.SESSION_COOKIE_NAME in client.cookies:
        return "in"
    assert answer.status_code == 200
    words = re.escape(guests.in_english(THROTTLED, seconds=777)).replace("777", r"(\d+)")
    found = re.search(words, answer.content.decode())
    return f"wait {found[1]}" if found else "wrong"


def guess(times: int, door: str = "/login/", **options: str) -> list[str]:
    return [enter(door, password=f"guess-{number}", **options) for number in range(times)]


@pytest.mark.parametrize("door", DOORS)
def test_right_password_lets_in(mira: User, door: str) -> None:
    assert enter(door) == "in"


@pytest.mark.parametrize("door", DOORS)
def test_after_five_guesses_one_waits_a_minute_even_with_the_right_password(
    mira: User, door: str
) -> None:
    tries = [*guess(6, door), enter(door)]

    assert tries[:5] == ["wrong"] * 5
    assert [answer in {"wait 60", "wait 61"} for answer in tries[5:]] == [True, True]


def test_guesses_at_both_doors_count_together(mira: User) -> None:
    guess(3, "/login/")
    guess(2, "/admin/login/")

    assert [enter(door).split()[0] for door in DOORS] == ["wait", "wait"]


@pytest.mark.parametrize("variant", ["MIRA", "Mira", " mira ", "ｍira"])
def test_spellings_of_one_account_count_together(mira: User, variant: str) -> None:
    guess(5, username=variant)

    assert enter().startswith("wait")


def test_guesser_locks_nobody_out_elsewhere(mira: User) -> None:
    guess(50)

    assert enter(address="192.0.2.2") == "in"


def test_guesser_locks_no_neighbour_out(event: Event, mira: User) -> None:
    factories.make_moderator(event, "jo", password=PASSWORD)
    guess(100)

    assert enter(username="jo") == "in"


def test_success_gives_all_tries_back(mira: User) -> None:
    guess(4)
    enter()

    assert guess(5) == ["wrong"] * 5


@pytest.mark.parametrize("password", ["", "\x00"])
def test_form_without_a_password_gives_no_try_back(mira: User, password: str) -> None:
    guess(4)
    enter(password=password)

    assert guess(1)[0].startswith("wait")


def test_address_has_a_high_ceiling_over_all_accounts(mira: User) -> None:
    tries = [enter(username=f"user-{number}") for number in range(60)]
    while not login._addresses.take("192.0.2.1"):
        pass

    assert tries == ["wrong"] * 60
    assert enter().startswith("wait")
    assert enter(address="192.0.2.2") == "in"


def test_forged_forwarding_header_is_no_other_address(mira: User) -> None:
    for number in range(5):
        enter(password="guess", forwarded_for=f"198.51.100.{number}")

    assert enter(forwarded_for="198.51.100.9").startswith("wait")


def test_behind_a_trusted_proxy_its_word_counts_and_no_further(
    mira: User, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        enter(password="guess", forwarded_for=f"203.0.113.{number}, 198.51.100.7")

    assert enter(forwarded_for="203.0.113.9, 198.51.100.7").startswith("wait")
    assert enter(forwarded_for="198.51.100.7, 198.51.100.8") == "in"


def test_unknown_wrong_and_deactivated_accounts_are_told_the_same(mira: User) -> None:
    factories.make_user("gone", password=PASSWORD, is_active=False)

    pages = {
        guests.browser()
        .post("/login/", {"username": name, "password": word})
        .content.decode()
        .partition("<form method")[0]
        for name, word in [("mira", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD)]
    }

    assert len(pages) == 1


def test_person_without_a_password_cannot_sign_in(event: Event) -> None:
    factories.make_moderator(event, "helper")

    assert [enter(username="helper", password=word) for word in ["", "!", "None"]] == ["wrong"] * 3


def test_moderator_comes_to_the_desk_and_others_to_the_admin(event: Event, mira: User) -> None:
    factories.make_user("jo", password=PASSWORD)

    found = [
        guests.browser().post("/login/", {"username": name, "password": PASSWORD})["Location"]
        for name in ["mira", "jo"]
    ]

    assert found == [f"/{event.slug}/desk/", "/admin/"]


def test_one_comes_to_the_page_that_asked_for_the_login(event: Event, mira: User) -> None:
    client = guests.browser()
    asked = client.get(f"/{event.slug}/desk/")

    entered = client.post(asked["Location"], {"username": "mira", "password": PASSWORD})

    assert entered["Location"] == f"/{event.slug}/desk/"


def test_session_is_a_new_one_after_signing_in(mira: User) -> None:
    client = Client(SERVER_NAME="localhost")
    client.cookies[configured.SESSION_COOKIE_NAME] = "a" * 32

    client.post("/login/", {"username": "mira", "password": PASSWORD})

    assert client.cookies[configured.SESSION_COOKIE_NAME].value != "a" * 32


def test_session_cookie_is_out_of_reach_for_scripts_and_other_sites(mira: User) -> None:
    client = guests.browser()
    client.post("/login/", {"username": "mira", "password": PASSWORD})

    cookie = client.cookies[configured.SESSION_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", 12 * 3600)


def test_login_page_is_kept_nowhere_and_names_the_imprint(event: Event) -> None:
    answer = guests.browser().get(f"/login/?next=/{event.slug}/desk/")

    assert "no-store" in answer["Cache-Control"]
    assert f'href="/{event.slug}/impressum"' in answer.content.decode()


@pytest.mark.processes
@pytest.mark.sqlite
def test_cookies_under_tls_are_bound_to_the_host_and_to_tls(tmp_path: Path) -> None:
    public = {"EVENTHUB_PUBLIC_URL": "https://hub.example"}
    said = Installation(tmp_path, settings=public).manage("diffsettings", "--all")
    found = dict(re.findall(r"^(?:### )?(\w+) = (.*?)(?:  ###)?$", said, re.MULTILINE))

    names = ["SESSION", "CSRF", "ATTENDEE", "SCREEN", "LANGUAGE"]
    assert [found[f"{name}_COOKIE_NAME"] for name in names] == [
        f"'__Host-{name.lower()}'" for name in names
    ]
    assert [found[f"{name}_COOKIE_SECURE"] for name in names[:2]] == ["True", "True"]
    assert (found["TLS"], found["EMBEDDED"]) == ("True", "False")
