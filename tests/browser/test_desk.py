"""The desk in real browsers: thirty posts with one thumb, two moderators, an attack of 500.

The figures are printed (`pytest -s`); the waits are generous, the machine may be busy.
"""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Venue
from tests.browser.desk_queue import SPAM
from tests.chromium import until

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

FRONT = "[data-list=pending] .card[aria-current=true]"
READY = f"desk-board:not([data-settling], [data-guessed]) {FRONT}"
LONG_MS = 60_000


def arrive(hall: Venue, *options: str) -> None:
    hall.served.installation.module("tests.browser.desk_queue", hall.slug, *options)


def waiting(page: Page) -> int:
    return int(page.locator("[data-count]").text_content() or "0")


def has_none(page: Page) -> None:
    expect(page.locator("[data-list=pending] .card")).to_have_count(0, timeout=LONG_MS)


def front(page: Page) -> str:
    return page.locator(READY).get_attribute("data-key", timeout=LONG_MS) or ""


def phone_desk(hall: Venue, name: str) -> Page:
    return hall.desk(name, width=390, height=844)


def test_thirty_waiting_posts_are_cleared_with_one_thumb(venue: Callable[..., Venue]) -> None:
    hall = venue("--mode", "review")
    desk = phone_desk(hall, "mira")
    arrive(hall, "--waiting", "30")
    expect(desk.locator("[data-list=pending] .card")).to_have_count(30, timeout=LONG_MS)
    seen: list[str] = []

    began = time.monotonic()
    while len(seen) < 30:
        key = front(desk)
        seen.append(key)
        act = "hide" if len(seen) % 3 == 0 else "show"
        desk.locator(f'[data-key="{key}"] [data-act={act}]').click()
        until(desk, FRONT_IS_ANOTHER, [FRONT, key])
    took_s = time.monotonic() - began

    has_none(desk)
    expect(desk.locator(".desk__idle")).to_be_visible()
    assert len(set(seen)) == 30
    print(f"\n30 posts at 390 px: {took_s:.1f} s")


# Nobody waits for the frame: the next post is there as soon as the answer is.
FRONT_IS_ANOTHER = """([front, key]) => {
  const card = document.querySelector(front)
  return card?.dataset.key !== key
}"""


def test_two_moderators_never_have_the_same_post(venue: Callable[..., Venue]) -> None:
    hall = venue("--mode", "review")
    mira, ole = phone_desk(hall, "mira"), phone_desk(hall, "ole")
    arrive(hall, "--waiting", "30")
    for desk in (mira, ole):
        expect(desk.locator("[data-list=pending] .card")).to_have_count(30, timeout=LONG_MS)
    expect(mira.locator(".people__with")).to_be_visible(timeout=LONG_MS)
    handled: dict[str, list[str]] = {"mira": [], "ole": []}
    statuses: list[int] = []
    for desk in (mira, ole):
        desk.on("response", lambda answer: statuses.append(answer.status))

    for _ in range(15):
        keys = front(mira), front(ole)
        assert keys[0] != keys[1]
        for (name, desk), key in zip((("mira", mira), ("ole", ole)), keys, strict=True):
            handled[name].append(key)
            desk.locator(f'[data-key="{key}"] [data-act=show]').click(no_wait_after=True)
        for desk, key in zip((mira, ole), keys, strict=True):
            until(desk, FRONT_IS_ANOTHER, [FRONT, key])

    has_none(mira)
    has_none(ole)
    assert set(handled["mira"]) & set(handled["ole"]) == set()
    assert (len(set(handled["mira"] + handled["ole"])), 409 in statuses) == (30, False)


def test_laptop_decides_passes_over_and_takes_back_by_keys(venue: Callable[..., Venue]) -> None:
    hall = venue("--mode", "review")
    desk = hall.desk("mira")
    arrive(hall, "--waiting", "3")
    expect(desk.locator("[data-list=pending] .card")).to_have_count(3, timeout=LONG_MS)
    first, second, third = (
        card.get_attribute("data-key") for card in desk.locator("[data-list=pending] .card").all()
    )
    assert front(desk) == first

    desk.keyboard.press("l")  # later
    expect(desk.locator(READY)).to_have_attribute("data-key", str(second), timeout=LONG_MS)
    desk.keyboard.press("z")
    shown = desk.locator(f'[data-list=shown] [data-key="{second}"]')
    expect(shown).to_have_count(1, timeout=LONG_MS)
    expect(desk.locator(READY)).to_have_attribute("data-key", str(third), timeout=LONG_MS)
    desk.keyboard.press("u")
    expect(shown).to_have_count(0, timeout=LONG_MS)
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    desk.keyboard.press("k")
    expect(desk.locator(READY)).to_have_attribute("data-key", str(first), timeout=LONG_MS)

    for _ in range(3):
        key = front(desk)
        desk.keyboard.press("n")
        until(desk, FRONT_IS_ANOTHER, [FRONT, key])
    has_none(desk)


def test_attack_leaves_wall_and_queue_in_three_taps_and_genuine_posts_stay(
    venue: Callable[..., Venue],
) -> None:
    hall = venue("--mode", "review")
    screen, desk = hall.screen(), phone_desk(hall, "mira")
    arrive(hall, "--attack", "500", "--genuine", "20")
    expect(desk.locator("[data-count]")).to_have_text("260", timeout=LONG_MS)
    expect(screen.get_by_text(SPAM).first).to_be_attached(timeout=LONG_MS)
    card = desk.locator("[data-list=pending] .card:visible", has_text=SPAM)
    expect(card).to_have_count(1)

    began = time.monotonic()
    card.locator("[data-pile-words]").click()  # the pile's own line: "250 say the same"
    button = desk.locator(".desk-sure__button")
    assert re.search(r"\b500\b", button.text_content() or "")
    button.click()
    expect(screen.get_by_text(SPAM)).to_have_count(0, timeout=LONG_MS)
    off_s = time.monotonic() - began
    expect(desk.locator("[data-count]")).to_have_text("10", timeout=LONG_MS)
    out_s = time.monotonic() - began

    assert desk.locator("[data-list=pending]").get_by_text(SPAM).count() == 0
    expect(desk.locator("[data-list=pending] .card")).to_have_count(10)
    expect(desk.locator("[data-list=shown] .card", has_text="@Saal@")).to_have_count(10)
    print(f"\n500 posts in two taps: off the wall {off_s:.1f} s, out of the queue {out_s:.1f} s")

    desk.locator("[data-act=undo]").click()
    expect(desk.locator("[data-count]")).to_have_text("260", timeout=LONG_MS)
