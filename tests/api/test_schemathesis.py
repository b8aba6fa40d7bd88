"""Whatever an address of ours takes or gives is what our own OpenAPI says; found by examples."""

import copy
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from agenda.api import views
from agenda.models import Event
from tests import factories

# Committed rows: PostgreSQL ends a transaction that waits for five seconds while examples are made.
# Pages and forms over the same queries: once is enough.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
EXAMPLES = 5
few = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def interface(description: dict[str, Any]) -> Any:
    """It asks the application itself, over no wire."""
    schema = schemathesis.openapi.from_dict(copy.deepcopy(description))
    schema.app = WSGIHandler()
    return schema


@pytest.fixture
def fair() -> Event:
    event = factories.make_event(slug="fair")
    room = factories.make_room(event)
    for start in ("10:00", "11:00"):
        factories.make_slot(event, room=room, start=start)
    return event


def failures(schema: Any, slug: str) -> list[str]:
    """What is wrong, for each operation with values that fit and with values that do not."""
    found: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and not operation.query:
                continue

            @few
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                if "slug" in case.path_parameters:
                    case.path_parameters["slug"] = slug
                try:
                    case.call_and_validate(headers={"Host": "localhost"})
                except FailureGroup as group:
                    found.append(f"{case.formatted_path} {case.query} {group}")

            ask()
    return found


def test_every_answer_is_what_the_description_says(fair: Event) -> None:
    assert failures(interface(views.schema()), fair.slug) == []


def test_an_answer_that_is_not_as_described_is_found(fair: Event) -> None:
    wrong = copy.deepcopy(views.schema())
    wrong["components"]["schemas"]["EventOut"]["properties"]["name"] = {"type": "integer"}

    assert failures(interface(wrong), fair.slug) != []
