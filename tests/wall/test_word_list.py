"""Listed words are found however they are written, and a text costs no more than its length."""

import random

import pytest

from agenda.models import Event
from tests.factories import make_event
from wall import word_list
from wall.automaton import Automaton
from wall.models import Listed
from wall.word_list import MAX_READ_CHARS, WordList, fold


def finds(entry: str, text: str) -> bool:
    return WordList([fold(entry)]).found_in(text)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("troll", "Du Troll!"),
        ("TROLL", "ein troll"),
        ("Straße", "STRASSE"),
        ("troll", "#troll"),
        ("troll", "@troll"),
        ("troll", "ｔｒｏｌｌ"),
        ("troll", "𝐭𝐫𝐨𝐥𝐥"),
        ("troll", "tr\u043ell"),
        ("troll", "tr\u03bfll"),
        ("troll", "t\u0337r\u0337o\u0337l\u0337l\u0337"),
        ("troll", "tro\u200bll"),
        ("buy now", "Buy: NOW!!"),
        ("buy now", "buy\nnow"),
        ("troll*", "trolling"),
        ("*troll", "Megatroll"),
        ("*troll*", "Supertrolls"),
        ("троль", "Троль"),
        ("荒らし", "荒らし"),
        ("bär", "BÄR"),
        ("no_way", "no way"),
    ],
)
def test_listed_word_is_found(entry: str, text: str) -> None:
    assert finds(entry, text) is True


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("troll", "Trollblume"),
        ("troll", "Kontrolle"),
        ("troll*", "Kontrolle"),
        ("*troll", "Trolle"),
        ("bär", "Bar"),
        ("buy now", "now buy"),
        ("buy now", "buy it now"),
        ("buy now", "buy nowhere"),
        ("troll", ""),
    ],
)
def test_what_only_resembles_a_listed_word_is_not_found(entry: str, text: str) -> None:
    assert finds(entry, text) is False


@pytest.mark.parametrize("entry", ["", " ", "*", "**", "a", "*x*", "!?", "_"])
def test_entry_that_would_be_found_everywhere_is_none(entry: str) -> None:
    assert fold(entry) == ""


def test_automaton_finds_what_a_plain_search_finds() -> None:
    chance = random.Random(7)
    for _ in range(300):
        words = ["".join(chance.choices("ab ", k=chance.randint(1, 4))) for _ in range(4)]
        text = "".join(chance.choices("ab ", k=30))

        assert Automaton(words).finds(text) == any(word in text for word in words)


class Counted(str):
    """A text that counts how many of its letters are read."""

    read = 0

    def __iter__(self):  # type: ignore[no-untyped-def]
        for letter in str.__str__(self):
            self.read += 1
            yield letter


@pytest.mark.parametrize("pump", ["a", "ab", "troll ", "tro", "ﷺ", "a\u0301"])
def test_pump_strings_are_read_once(pump: str) -> None:
    words = ["a" * 99 + "b", "ab" * 49 + "c", "troll" * 19 + "x", "tro" * 30 + "l"]
    text = Counted((pump * 100_000)[:100_000])

    assert Automaton(words).finds(text) is False
    assert text.read == 100_000


def test_only_as_much_as_a_post_can_have_is_read() -> None:
    assert WordList([fold("troll")]).found_in("x" * MAX_READ_CHARS + " troll") is False


@pytest.mark.django_db
def test_list_of_another_event_is_not_ours(event: Event) -> None:
    other = make_event()
    for number, word in enumerate(["troll", "spam"]):
        owner = [event, other][number]
        Listed.objects.create(event=owner, what=Listed.What.WORD, written=word, folded=word)

    assert word_list.of_event(event).found_in("Troll") is True
    assert word_list.of_event(event).found_in("Spam") is False
