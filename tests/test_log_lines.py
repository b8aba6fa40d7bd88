"""What strangers can cause at will costs one short line now and then."""

import logging
import time

import pytest
from django.test import Client

from eventhub.log_lines import LineFormatter, Seldom


def record(message: str = "Unknown host 'x'.") -> logging.LogRecord:
    try:
        raise ValueError
    except ValueError as error:
        told = (ValueError, error, error.__traceback__)
    return logging.LogRecord("security", logging.ERROR, "", 0, message, None, told)


def test_seldom_lets_one_line_a_minute_through(monkeypatch: pytest.MonkeyPatch) -> None:
    seldom, now = Seldom(), [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    let_through = []
    for seconds in (0, 1, 30, 59, 60, 61, 200):
        now[0] = 1000.0 + seconds
        line = record()
        if seldom.filter(line):
            let_through.append((seconds, line.__dict__["more"]))

    assert let_through == [(0, 0), (60, 3), (200, 1)]


def test_seldom_line_is_short_and_without_traceback() -> None:
    line = record("Unknown host '" + "x" * 5000)

    assert Seldom().filter(line)

    said = LineFormatter().format(line)
    assert (line.levelname, "trace=" in said, "\n" in said) == ("WARNING", False, False)
    assert len(said) < 200
    assert "trace=" in LineFormatter().format(record())  # others keep theirs


@pytest.mark.django_db
def test_foreign_host_is_no_line_of_its_own_in_the_request_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = Client(headers={"Host": "foreign.example"})

    answers = [
        client.get("/login/", headers={"Accept": kind})
        for kind in ("text/html", "application/json")
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert [each.name for each in caplog.records if each.name == "django.request"] == []
