"""A short run of hides for every run of the tests, and the judge of it finds what must not be.

The whole run is `python -m tests.hides --hides 1000 --writers 20`.
"""

import pytest

from tests.aide import Copied
from tests.hides import __main__ as hides
from tests.hides.verdict import Asked, Hide, Seen, judge
from tests.processes import Installation
from tests.ready_made import furnish

HIDE = Hide("post", "picture", tapped=10.0, answered=10.1)
SERVED = [Asked("picture", 9.0, 200), Asked("picture", 10.2, 410), Asked("picture", 60.0, 410)]
FELT_S = 20.0  # whatever else this machine does


@pytest.mark.processes
@pytest.mark.sqlite
def test_hidden_posts_leave_all_phones_for_good_and_their_pictures_with_them(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    installation = Installation(tmp_path_factory.mktemp("hides"))
    known = furnish(installation, "tests.hides.venue", "--posts", "16", "--guests", "8")
    with Copied(installation) as served:
        outcome = hides.play([served.port], known, clients=3, writers=4, keepers=8, most_s=FELT_S)

    assert outcome.verdict.wrong == []
    assert outcome.verdict.late == []
    assert len(outcome.hall.hides) == 16
    assert outcome.hall.answers["delivery 200"] >= 4
    assert outcome.hall.answers["note 201"] >= 4


def phone() -> Seen:
    """Connected, and shows the post from second 5 on."""
    seen = Seen("phone")
    seen.connected(0.0)
    seen.shows("post", 5.0)
    return seen


def wrong(*clients: Seen, asked: list[Asked] = SERVED) -> list[str]:
    return judge([HIDE], clients, asked, most_s=2.0).wrong


def test_judge_has_nothing_to_say_of_a_post_that_is_gone_in_time() -> None:
    seen = phone()
    seen.lost("post", 10.4)

    verdict = judge([HIDE], [seen], SERVED, most_s=2.0)

    assert verdict.wrong == []
    assert verdict.delays == {"phone": [pytest.approx(0.4)]}


def test_judge_finds_a_post_that_stays() -> None:
    assert wrong(phone()) == ["phone still shows post"]


def test_judge_finds_a_post_that_stays_too_long() -> None:
    seen = phone()
    seen.lost("post", 12.5)

    assert judge([HIDE], [seen], SERVED, most_s=2.0).late == ["phone shows post for 2.50 s more"]


def test_judge_finds_a_post_that_comes_back() -> None:
    seen = phone()
    seen.lost("post", 10.4)
    seen.shows("post", 30.0)
    seen.has_only((), 30.1)

    assert wrong(seen) == ["phone shows post again"]


def test_judge_finds_a_post_that_a_newcomer_is_given_for_a_moment() -> None:
    gone, newcomer = phone(), Seen("newcomer")
    gone.lost("post", 10.2)
    newcomer.connected(20.0)
    newcomer.has_only(["post"], 20.1)
    newcomer.lost("post", 20.2)

    assert wrong(gone, newcomer) == ["newcomer was given post after the hide"]


def test_judge_waits_for_a_phone_without_a_connection() -> None:
    seen = phone()
    seen.cut(10.05)
    seen.connected(40.0)
    seen.has_only((), 40.3)

    verdict = judge([HIDE], [seen], SERVED, most_s=2.0)

    assert verdict.wrong == []
    assert verdict.delays == {"phone": [pytest.approx(0.35)]}


def test_judge_asks_nothing_of_a_page_that_was_left() -> None:
    left, other = phone(), phone()
    left.close(10.2)
    other.lost("post", 10.3)

    verdict = judge([HIDE], [left], SERVED, most_s=2.0)

    assert verdict.wrong == []
    assert verdict.delays == {"phone": []}


def test_judge_does_not_believe_in_hiding_what_nobody_had() -> None:
    assert wrong(Seen("phone")) == ["nobody had post when it was hidden"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([*SERVED, Asked("picture", 61.0, 200)], "is answered [200, 410] after the hide"),
        (SERVED[:1], "is answered [] after the hide"),
        (SERVED[1:], "was answered [] while it was shown"),
        ([Asked("picture", 9.0, 404), *SERVED[1:]], "was answered [404] while it was shown"),
    ],
)
def test_judge_finds_a_picture_that_stays(asked: list[Asked], said: str) -> None:
    seen = phone()
    seen.lost("post", 10.4)

    assert wrong(seen, asked=asked) == [f"picture picture {said}"]
