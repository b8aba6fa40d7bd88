"""What a copy does is done in its installation; the next one finds nothing of it in memory."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.aide import Aide, Copied
from tests.ready_made import prepared

pytestmark = [pytest.mark.processes, pytest.mark.sqlite]

ADD = "from agenda.models import User; User.objects.create(username='ada')"
COUNT = "from agenda.models import User; print(User.objects.count())"


@pytest.fixture(scope="module")
def aide(tmp_path_factory: pytest.TempPathFactory) -> Aide:
    return Aide(prepared(tmp_path_factory.mktemp("aide")))


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


def test_two_installations_know_nothing_of_each_other(aide: Aide, tmp_path: Path) -> None:
    other = prepared(tmp_path / "other")
    show = "from django.conf import settings; print(settings.DATA_DIR)"
    aide.run("from agenda.models import User; User.objects.get_or_create(username='ada')")

    assert Aide(other).run(COUNT) == "0\n"
    assert Aide(other).run(show) == f"{other.directory / 'data'}\n"


def test_settings_of_its_own_reach_what_modules_read_at_once(tmp_path: Path) -> None:
    lease = "from wall import signs; print(signs.LEASE.total_seconds())"
    short = prepared(tmp_path / "short", EVENTHUB_SCREEN_LEASE_SECONDS="7")

    assert Aide(short).run(lease) == "7.0\n"
    assert Aide(prepared(tmp_path / "plain")).run(lease) != "7.0\n"


def test_copy_that_serves_is_killed_comes_back_and_says_how_it_ended(tmp_path: Path) -> None:
    with Copied(prepared(tmp_path / "hub")) as served:
        served.aide.run(ADD)
        served.kill9()
        killed = served.process.returncode
        served.restart()

        assert killed == -signal.SIGKILL
        assert served.aide.run(COUNT) == "1\n"
    assert served.process.returncode == 0
    assert "ERROR" not in served.said()


def test_copy_that_cannot_start_says_why(tmp_path: Path) -> None:
    with Copied(prepared(tmp_path / "hub")) as served:
        second = Copied(prepared(tmp_path / "second"), served.port)

        assert second.spawn().wait(60) == 1
    assert str(served.port) in second.said()
