"""How long we wait, by what servers say about limits and refusals."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wall.egress import Answer
from wall.sources.pacing import pause_s, refusal

NOW = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)


def answer(headers: dict[str, str], status: int = 200) -> Answer:
    return Answer(status, headers, b"[]")


@pytest.mark.parametrize(
    ("headers", "usual_s", "wait_s"),
    [
        ({}, 10.0, 10.0),
        ({"x-ratelimit-remaining": "299", "x-ratelimit-reset": "2026-06-05T12:05:00Z"}, 0.0, 0.0),
        ({"x-ratelimit-remaining": "10", "x-ratelimit-reset": "2026-06-05T12:05:00Z"}, 0.0, 30.0),
        ({"x-ratelimit-remaining": "50", "x-ratelimit-reset": "2026-06-05T12:05:00Z"}, 10.0, 10.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-06-05T12:05:00Z"}, 0.0, 300.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2099-01-01T00:00:00Z"}, 0.0, 900.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1780660860"}, 0.0, 60.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "morgen"}, 10.0, 10.0),
        ({"x-ratelimit-remaining": "nan", "x-ratelimit-reset": "nan"}, 10.0, 10.0),
    ],
)
def test_few_requests_left_are_spread(
    headers: dict[str, str], usual_s: float, wait_s: float
) -> None:
    assert pause_s(answer(headers), NOW, usual_s=usual_s)[0] == wait_s


DAY_AHEAD = "Sat, 06 Jun 2026 12:00:00 GMT"
DAY_BEHIND = "Thu, 04 Jun 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("date", "reset", "wait_s"),
    [
        (DAY_AHEAD, "2026-06-06T12:04:00Z", 240.0),
        (DAY_BEHIND, "2026-06-04T12:04:00Z", 240.0),
        ("Fri, 05 Jun 2026 12:00:02 GMT", "2026-06-05T12:04:00Z", 240.0),
        (DAY_BEHIND, "2026-06-05T12:00:00Z", 900.0),  # nobody's reset is a day away
        (DAY_AHEAD, "2026-06-05T12:04:00Z", 10.0),
        ("", "2026-06-06T12:04:00Z", 900.0),
        ("morgen", "2026-06-04T12:04:00Z", 10.0),
        ("Fri, 05 Jun 99999 12:00:02 GMT", "2026-06-05T12:04:00Z", 240.0),
    ],
)
def test_reset_of_a_server_whose_clock_is_a_day_off_is_read_by_that_clock(
    date: str, reset: str, wait_s: float
) -> None:
    headers = {"date": date, "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    later = {"date": date, "retry-after": DAY_AHEAD} if date == DAY_AHEAD else {}

    assert pause_s(answer(headers), NOW, usual_s=10.0)[0] == wait_s
    assert refusal(answer(headers, 429), NOW).retry_after_s == (wait_s if wait_s > 10 else 5.0)
    assert refusal(answer(later, 429), NOW).retry_after_s == (5.0 if later else 60.0)


@pytest.mark.parametrize(
    ("code", "headers", "retry_after_s"),
    [
        (429, {}, 60.0),
        (429, {"retry-after": "42"}, 42.0),
        (429, {"retry-after": "Fri, 05 Jun 2026 12:01:30 GMT"}, 90.0),
        (429, {"x-ratelimit-reset": "2026-06-05T12:04:00.000000Z"}, 240.0),
        (429, {"retry-after": "0"}, 5.0),
        (429, {"retry-after": "99999999"}, 900.0),
        (429, {"retry-after": "inf"}, 60.0),
        (500, {}, None),
        (503, {"retry-after": "120"}, 120.0),
        (401, {}, 300.0),
        (403, {}, 300.0),
        (404, {}, 300.0),
        (410, {}, 300.0),
        (422, {}, 300.0),
        (206, {}, 300.0),
        (304, {}, 300.0),
    ],
)
def test_refusal_says_when_to_ask_again(
    code: int, headers: dict[str, str], retry_after_s: float | None
) -> None:
    error = refusal(answer(headers, code), NOW)

    assert (error.retry_after_s, error.permanent) == (retry_after_s, False)
    assert str(error.message)
