"""Whatever is written elsewhere, what we draw of it is ours and its text; without a browser."""

from tests.hostile_look import Seen, drawn_wrongly
from tests.hostile_texts import chosen, generated


def test_chosen_text_is_drawn_as_text() -> None:
    assert len(chosen()) >= 500

    assert drawn_wrongly(chosen()) == []


def test_generated_text_is_drawn_as_text() -> None:
    assert drawn_wrongly(generated(200, seed=6)) == []


def test_markup_would_be_noticed() -> None:
    seen = Seen()

    seen.feed('<p onclick=x><script></script><a href="javascript:1"><img src="//evil.example/">')

    assert len(seen.wrong) == 4
