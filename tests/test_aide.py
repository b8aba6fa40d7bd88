"""What an aide does is done in its installation; the next piece finds nothing of it in memory."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aide import Aide
from tests.ready_made import prepared

pytestmark = [pytest.mark.processes, pytest.mark.sqlite]

ADD = "from agenda.models import User; User.objects.create(username='ada')"
COUNT = "from agenda.models import User; print(User.objects.count())"


@pytest.fixture(scope="module")
def aide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aide]:
    with Aide(prepared(tmp_path_factory.mktemp("aide"))) as found:
        yield found


def test_aide_changes_its_installation_and_forgets(aide: Aide) -> None:
    aide.run(ADD)
    aide.run("import agenda; agenda.left = 1")

    assert aide.run(COUNT) == "1\n"
    assert aide.run("import agenda; print(hasattr(agenda, 'left'))") == "False\n"


def test_aide_runs_a_module_as_the_command_line_would(aide: Aide) -> None:
    assert "--waiting" in aide.module("tests.browser.desk_queue", "--help")


def test_what_fails_says_why_and_the_aide_goes_on(aide: Aide) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        aide.run("print('so far'); raise ValueError('no further')")

    assert "so far" in str(failed.value.output)
    assert "ValueError: no further" in str(failed.value.output)
    assert aide.run("print(1)") == "1\n"


def test_aide_that_was_closed_is_there_again(tmp_path: Path) -> None:
    aide = Aide(prepared(tmp_path / "hub"))
    for _ in range(2):
        assert aide.run("print(1)") == "1\n"
        aide.close()
