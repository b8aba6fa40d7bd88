"""What the tests of formats share."""

import pytest

from agenda.models import Event
from tests.factories import make_event


@pytest.fixture
def other(db: None) -> Event:
    """An event beside the one a test is about."""
    return make_event()
