"""A guest's name is readable, short and nobody's in the programme; each refusal says what to do."""

import pytest

from agenda import attendees, names
from agenda.models import Attendee, Event, Speaker
from agenda.names import NameRefused
from tests import guests
from tests.factories import make_attendee, make_event, make_session

pytestmark = pytest.mark.django_db

FAMILY = "👨‍👩‍👧‍👦"  # one for people, seven for a computer


def refusal(event: Event, name: str) -> str:
    with pytest.raises(NameRefused) as refused:
        names.nickname(event, name)
    assert refused.value.message
    return refused.value.code


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("", ""),
        (" \t\n", ""),
        ("  Aylin  K. ", "Aylin K."),
        ("Ay\u202elin\x00", "Aylin"),
        ("Aylin ✅", "Aylin"),
        ("x" * 40, "x" * 40),
        (FAMILY * 40, FAMILY * 40),
    ],
)
def test_name_is_taken_as_it_will_be_shown(event: Event, written: str, name: str) -> None:
    assert names.nickname(event, written) == name


@pytest.mark.parametrize("written", ["\u200b", "\u2060 \u200d", "\u202e\u202d", "✅", "\x00", "ㅤ"])
def test_name_of_which_nothing_can_be_seen_is_refused(event: Event, written: str) -> None:
    assert refusal(event, written) == "invisible_name"


@pytest.mark.parametrize("written", ["x" * 41, "x" * 10_000, FAMILY * 41, "e\u0301" * 20_000])
def test_name_that_is_too_long_is_refused_with_its_count(event: Event, written: str) -> None:
    assert refusal(event, written) == "long_name"


def test_count_in_a_refusal_is_that_of_people(event: Event) -> None:
    with pytest.raises(NameRefused) as refused:
        names.nickname(event, FAMILY * 50)

    assert "50" in refused.value.message
    assert "40" in refused.value.message


def test_organisation_may_be_longer_than_a_name(event: Event) -> None:
    chamber = "Industrie- und Handelskammer Darmstadt Rhein Main Neckar"

    assert names.organisation(event, chamber) == chamber


# --- names of the programme


@pytest.mark.parametrize(
    "written",
    [
        "Ece Beispiel",
        "ECE  beispiel",
        "Ece Beispiel.",
        "Ｅｃｅ Ｂｅｉｓｐｉｅｌ",
        "Prof. Dr. Ece Beispiel",
        "Ece\u200bBeispiel",
        "E-C-E Beispiel",
    ],
)
def test_name_of_a_speaker_is_refused_however_it_is_spelled(event: Event, written: str) -> None:
    make_session(event, host="Dr. Ece Beispiel")

    assert refusal(event, written) == "speakers_name"
    with pytest.raises(NameRefused):
        names.organisation(event, written)


@pytest.mark.parametrize("written", ["Ece Beispiel", "Jonas B.", "Mira von der Au"])
def test_each_of_several_hosts_is_a_speaker(event: Event, written: str) -> None:
    make_session(event, host="Ece Beispiel, Jonas B. und Mira von der Au (Hafen)")

    assert refusal(event, written) == "speakers_name"


@pytest.mark.parametrize(
    "written", ["Ece", "Beispiel", "Ece B.", "Ece Beispielhaft", "Eze Beispiel"]
)
def test_name_that_only_resembles_a_speakers_is_free(event: Event, written: str) -> None:
    make_session(event, host="Ece Beispiel, Jonas B.")

    assert names.nickname(event, written) == written


def test_speaker_with_a_row_of_their_own_is_one_too(event: Event) -> None:
    Speaker.objects.create(event=event, name="Dr. Ece Beispiel")

    assert refusal(event, "ece beispiel") == "speakers_name"
    assert names.nickname(make_event(), "Ece Beispiel") == "Ece Beispiel"


def test_first_name_alone_is_taken_where_it_is_the_whole_host(event: Event) -> None:
    make_session(event, host="Jonas")

    assert refusal(event, "jonas") == "speakers_name"


def test_speakers_of_another_event_are_nobody_here(event: Event) -> None:
    make_session(make_event(), host="Ece Beispiel")

    assert names.nickname(event, "Ece Beispiel") == "Ece Beispiel"


# --- kept, and asked for


def test_name_and_organisation_are_kept_each_for_itself(event: Event) -> None:
    attendees.row_for(event, "k", nickname="Mira", organisation="Hafen")
    attendees.row_for(event, "k", nickname="Mira K.")
    attendees.row_for(event, "k", organisation="")
    attendees.row_for(event, "k")

    row = Attendee.objects.get()
    assert (row.nickname, row.organisation) == ("Mira K.", "")


def test_page_keeps_name_and_organisation(event: Event) -> None:
    client = guests.guest(event)

    said = client.post(
        f"/{event.slug}/me", {"nickname": "Mira", "organisation": "Hafen"}, headers=guests.JSON
    )

    assert said.json() == {"nickname": "Mira", "organisation": "Hafen"}
    assert client.get(f"/{event.slug}/me").json()["organisation"] == "Hafen"


@pytest.mark.parametrize("name", ["\u200b", "x" * 10_000, "Ece Beispiel"])
def test_refused_name_is_answered_with_a_sentence_and_changes_nothing(
    event: Event, name: str
) -> None:
    make_session(event, host="Ece Beispiel")
    mira = make_attendee(event, "Mira")
    client = guests.guest(event, mira.key)

    script = client.post(f"/{event.slug}/me", {"nickname": name}, headers=guests.JSON)
    page = client.post(f"/{event.slug}/me", {"nickname": name}, headers=guests.HTML)

    assert (script.status_code, page.status_code) == (422, 422)
    assert script.json()["error"]["message"] in page.content.decode()
    assert Attendee.objects.get().nickname == "Mira"
