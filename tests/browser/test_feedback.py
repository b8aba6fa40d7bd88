"""The four questions in a real browser: they come by themselves, and survive the network."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Venue
from tests.tcp_proxy import TcpProxy

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.sqlite]

PATIENT_MS = 30_000


def in_django(hall: Venue, code: str) -> str:
    return hall.served.aide.run("from agenda.models import *; " + code).strip()


def kept(hall: Venue) -> str:
    rows = "sorted(Answer.objects.values_list('question', 'text'))"
    return in_django(hall, f"print({rows})")


def answer(page: Page, **answers: str) -> None:
    page.click(".ask__summary")
    for name, text in answers.items():
        page.fill(f"#answer-{name}", text)
    page.click(".ask__go")


def test_answers_without_network_arrive_once_and_are_replaced(venue: Callable[..., Venue]) -> None:
    hall = venue("--feedback", "open")
    with TcpProxy(hall.served.port) as proxy:
        page = hall.phone(f"http://127.0.0.1:{proxy.port}")

        proxy.cut()
        answer(page, good="Der Kaffee", action="Mira anrufen")
        expect(page.locator(".ask__state")).to_be_visible()
        expect(page.locator("#answer-good")).to_have_value("")
        assert kept(hall) == "[]"
        proxy.heal()

        arrived = page.get_attribute("four-questions", "data-sent") or ""
        expect(page.locator(".ask__state")).to_have_text(arrived, timeout=PATIENT_MS)
        assert kept(hall) == "[('action', 'Mira anrufen'), ('good', 'Der Kaffee')]"
        answer(page, good="Der Tee")
        deadline = time.monotonic() + PATIENT_MS / 1000
        while "Der Tee" not in kept(hall) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert kept(hall) == "[('action', 'Mira anrufen'), ('good', 'Der Tee')]"


def test_questions_come_and_go_without_loading_the_page(venue: Callable[..., Venue]) -> None:
    hall = venue(own=True)
    page = hall.phone()
    page.evaluate("window.loadedOnce = true")
    questions = page.locator("four-questions")
    expect(questions).to_be_hidden()

    change = (
        "from agenda import programme; event = Event.objects.get(); event.feedback = '{mode}';"
        "event.save(); programme.event_changed(event)"
    )
    in_django(hall, change.format(mode="open"))
    expect(questions).to_be_visible(timeout=PATIENT_MS)
    in_django(hall, change.format(mode="closed"))
    expect(questions).to_be_hidden(timeout=PATIENT_MS)
    assert page.evaluate("window.loadedOnce") is True


def test_words_that_are_being_typed_survive_a_reload(venue: Callable[..., Venue]) -> None:
    hall = venue("--feedback", "open")
    page = hall.phone()
    page.click(".ask__summary")
    page.fill("#answer-learned", "Halb fertig")

    page.reload()

    expect(page.locator("#answer-learned")).to_have_value("Halb fertig")
    expect(page.locator("#answer-learned")).to_be_visible()
