"""In the admin, an organizer of event A has no event B: no rows, no choices, no forged ids."""

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import ForeignKey
from django.test import Client

from agenda.models import Event, Room, Session, Speaker, Track
from agenda.scoping import EventScoped
from eventhub.live.models import Stream
from tests import guests, two_events
from tests.two_events import ROLES, Hall
from wall.models import Rule

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # reads pages: once is enough

TIMES = {
    "starts_at_0": "2026-10-07",
    "starts_at_1": "15:00:00",
    "ends_at_0": "2026-10-07",
    "ends_at_1": "16:00:00",
}
ADDABLE = ["room", "track", "speaker", "session", "slot", "source", "rule", "screen"]
ACTIONS = {
    "agenda/event": ["delete_selected", "copy_selected"],
    "agenda/membership": ["delete_selected"],
    "agenda/room": ["delete_selected"],
    "agenda/session": ["delete_selected"],
    "agenda/track": ["delete_selected"],
    "agenda/speaker": ["delete_selected"],
    "agenda/slot": ["delete_selected"],
    "agenda/barcamp": ["delete_selected"],
    "agenda/period": ["delete_selected"],
    "agenda/proposal": [
        "delete_selected",
        "let_in_selected",
        "park_selected",
        "decline_selected",
    ],
    "wall/source": ["delete_selected"],
    "wall/post": ["delete_selected", "show_selected", "hide_selected"],
    "wall/rule": ["delete_selected"],
    "wall/screen": ["delete_selected", "revoke_selected"],
    "wall/decision": ["delete_selected"],
    "wall/action": ["delete_selected"],
}


@pytest.fixture
def halls(db: None) -> tuple[Hall, Hall]:
    guests.refill_buckets()
    return two_events.furnish_two()


@pytest.fixture
def organizer(halls: tuple[Hall, Hall]) -> Client:
    return ROLES["organizer_of_a"](*halls)


def pk(hall: Hall, model: str) -> str:
    return str(next(row.pk for name, row in hall.rows.items() if name.endswith(f"/{model}")))


def form(model: str, hall: Hall) -> dict[str, str]:
    """A form that the admin accepts from an organizer of this event."""
    fields = {
        "membership": {"user": pk(hall, "user"), "role": "helper", "tasks": "[]"},
        "room": {"name": "Attic", "position": "3"},
        "track": {"name": "Forged", "position": "0"},
        "speaker": {"name": "Forged"},
        "session": {"title": "Forged", "kind": "talk", "track": pk(hall, "track")},
        "slot": {"session": pk(hall, "session"), "room": pk(hall, "room"), **TIMES},
        "source": {"name": "#forged", "adapter": "demo"},
        "rule": {"mode": "free", "delay_s": "30", "fallback": "go_on"},
        "screen": {"name": "Foyer"},
    }
    return {"event": str(hall.event.pk), **fields[model]}


def address(model: str) -> str:
    app = "wall" if model in {"source", "rule", "screen", "post"} else "agenda"
    return f"/admin/{app}/{model}/add/"


def words_of(hall: Hall, answer: Any) -> list[str]:
    """What must not be in `answer`, and is."""
    said = guests.everything_said(answer)
    return [word for word in hall.private + hall.secret if word in said]


def rows(hall: Hall) -> dict[str, int]:
    return {name: len(found) for name, found in hall.state().items()}


@pytest.mark.parametrize("model", ADDABLE)
def test_row_is_added_to_the_own_event_and_never_to_another(
    halls: tuple[Hall, Hall], organizer: Client, model: str
) -> None:
    a, b = halls
    if model == "rule":  # there is one of it in each event
        for hall in halls:
            Rule.objects.filter(event=hall.event)._raw_delete("default")
    before = b.state()

    forged = organizer.post(address(model), form(model, b))
    honest = organizer.post(address(model), form(model, a))

    assert (forged.status_code, honest.status_code) == (200, 302)
    assert b.state() == before
    assert words_of(b, forged) == []


def test_organizer_gives_nobody_a_task_in_another_event(
    halls: tuple[Hall, Hall], organizer: Client
) -> None:
    a, b = halls
    before = b.state()

    answer = organizer.post(
        address("membership"), form("membership", b) | {"user": pk(a, "user"), "role": "organizer"}
    )

    assert (answer.status_code, b.state()) == (200, before)


@pytest.mark.parametrize(
    ("model", "foreign"),
    [("slot", "room"), ("slot", "session"), ("membership", "user")],
)
def test_row_of_the_own_event_takes_no_part_of_another(
    halls: tuple[Hall, Hall], organizer: Client, model: str, foreign: str
) -> None:
    a, b = halls
    before = rows(a)

    answer = organizer.post(address(model), form(model, a) | {foreign: pk(b, foreign)})

    assert (answer.status_code, rows(a)) == (200, before)


@pytest.mark.parametrize("foreign", ["room", "session"])
def test_slot_mixes_no_two_events_even_for_who_organizes_both(
    halls: tuple[Hall, Hall], foreign: str
) -> None:
    a, b = halls
    superuser = ROLES["superuser"](a, b)
    before = rows(a)

    answer = superuser.post(address("slot"), form("slot", a) | {foreign: pk(b, foreign)})

    assert (answer.status_code, rows(a)) == (200, before)


def test_odd_row_is_not_there(organizer: Client) -> None:
    wrong = []

    for model in ADDABLE:
        app = "wall" if model in {"source", "rule", "screen"} else "agenda"
        for odd in ("nothing", "1.css", "99999999999999999999"):
            answer = organizer.get(f"/admin/{app}/{model}/{odd}/change/")
            if (answer.status_code, answer.headers.get("Location")) != (302, "/admin/"):
                wrong.append((model, odd, answer.status_code))

    assert wrong == []


def test_row_never_moves_to_another_event(halls: tuple[Hall, Hall]) -> None:
    a, b = halls
    superuser = ROLES["superuser"](a, b)
    before = rows(a), b.state()
    wrong = []

    for model in [*ADDABLE, "membership"]:
        where = address(model).replace("add/", f"{pk(a, model)}/change/")
        answer = superuser.post(where, form(model, a) | {"event": str(b.event.pk)})
        if answer.status_code != 200 or (rows(a), b.state()) != before:
            wrong.append((model, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("model", ["slot", "source", "rule", "screen"])
def test_odd_event_ids_are_refused_as_a_form_error(
    halls: tuple[Hall, Hall], organizer: Client, model: str
) -> None:
    streams = Stream.objects.count()

    answers = {
        event: organizer.post(address(model), form(model, halls[0]) | {"event": event}).status_code
        for event in ["", " ", "0", "-1", "x", "9" * 40, "1.0", "\x00", "1;2"]
    }

    assert set(answers.values()) == {200}
    assert Stream.objects.count() == streams


def test_action_touches_no_row_of_another_event(
    halls: tuple[Hall, Hall], organizer: Client
) -> None:
    _, b = halls
    before = b.state()
    wrong = []

    for model, names in ACTIONS.items():
        form = {"_selected_action": [b.rows[model].pk], "post": "yes"}
        for name in names:
            answer = organizer.post(f"/admin/{model}/", form | {"action": name})
            if answer.status_code not in {200, 302, 403} or b.state() != before:
                wrong.append((model, name, answer.status_code))

    assert wrong == []


def test_every_action_of_the_admin_is_tried() -> None:
    offered = {
        f"{model._meta.app_label}/{model._meta.model_name}": sorted(
            [*(name for name, _ in admin.site.actions), *map(str, found.actions or [])]
        )
        for model, found in admin.site._registry.items()
        if isinstance(found, EventScoped)
    }

    assert offered == {model: sorted(names) for model, names in ACTIONS.items()}


def test_autocomplete_finds_nothing_of_another_event(
    halls: tuple[Hall, Hall], organizer: Client
) -> None:
    _, b = halls
    found = []

    for model, field in foreign_keys():
        query = {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field.name,
        }
        for term in ["", "canary", "Talk", "Event"]:
            answer = organizer.get("/admin/autocomplete/", query | {"term": term})
            found += [(model, field.name, word) for word in words_of(b, answer)]
            if answer.status_code == 200:
                ids = [each["id"] for each in answer.json()["results"]]
                found += list(field.related_model.objects.filter(event=b.event, pk__in=ids))

    assert found == []


def foreign_keys() -> list[tuple[Any, Any]]:
    return [
        (model, field)
        for model in admin.site._registry
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
    ]


QUERIES = [
    "event__id__exact={event}",
    "event={event}",
    "q=canary",
    "decided_by__password__startswith=p",
    "source__token_sealed__startswith=g",
    "attendee__key__startswith=a",
    "state__exact=pending",
    "id__in=1,2,3,4,5,6",
    "state__exact=%00",
    "q=%00",
]


def test_list_says_nothing_of_another_event_however_it_is_asked(
    halls: tuple[Hall, Hall], organizer: Client
) -> None:
    _, b = halls
    wrong: list[object] = []

    for model in ACTIONS:
        for query in QUERIES:
            where = f"/admin/{model}/?{query.format(event=b.event.pk)}"
            answer = organizer.get(where)
            wrong += [(where, word) for word in words_of(b, answer)]
            if answer.status_code not in {200, 302, 400}:
                wrong.append((where, answer.status_code))

    assert wrong == []


def test_choices_name_no_row_of_another_event(halls: tuple[Hall, Hall], organizer: Client) -> None:
    a, b = halls
    Event.objects.filter(pk=b.event.pk).update(name="Foreign")
    for model in (Room, Track, Speaker):
        model.objects.filter(event=b.event).update(name="Foreign")
    Session.objects.filter(event=b.event).update(title="Foreign")

    pages = {model: organizer.get(address(model)) for model in [*ADDABLE, "membership"]}

    said = {model: page.content.decode() for model, page in pages.items()}
    assert {model for model, words in said.items() if "Foreign" in words} == set()
    assert {model for model, words in said.items() if a.event.name not in words} == set()
