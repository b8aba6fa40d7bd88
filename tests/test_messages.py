"""Every word in every language: the catalogues are complete, in one tone, and what pages speak."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from gettext import GNUTranslations

import pytest

from tests import messages as tool
from tests.messages import Messages, Msgid, UnreadableError

# The two that name a tone instead of using it.
NAMES_OF_TONES = {"German, du", "German, Sie"}
SIE = r"\b(Sie|Ihnen|Ihre?[nmrs]?)\b"
DU = r"\b([Dd](u|ir|ich|ein\w*)|[Ee]u(ch|er|re\w*)|ihr)\b"
# What du is told to do. A text that differs from its Sie twin must have one of these or a "du".
ORDERS = (
    "achte|bleib|bring|drück|geh|gib|hol|komm|kürz|lad|lass|leg|lies|lösch|mach|nenn|nimm|nutz|"
    "öffne|prüf|sag|scann|schau|schick|schlag|schreib|setz|sieh|sprich|stell|tippe|trag|wähl|wart|"
    "zeig"
)
ORDERED = (
    "ändere|bestätige|entferne|fang|frag|häng|kopiere|schalte|schließe|sende|speichere|starte|"
    "tipp|versuch(?= es)"
)
IMPERATIVES = rf"(?i)\b((?:{ORDERS})e?|{ORDERED})\b"


@pytest.fixture(scope="module")
def wanted() -> set[Msgid]:
    return set(tool.msgids())


@pytest.fixture(scope="module")
def spoken() -> dict[str, Messages]:
    return {locale: tool.read(locale) for locale in tool.LOCALES}


# --- what can be wrong with a catalogue; each gives one line per finding


def gaps(messages: Messages, wanted: set[Msgid]) -> list[str]:
    """What the code says and the catalogue does not know, or the other way round."""
    return (
        [f"missing: {msgid.text}" for msgid in sorted(wanted - set(messages))]
        + [f"obsolete: {msgid.text}" for msgid in sorted(set(messages) - wanted)]
        + [f"empty: {msgid.text}" for msgid, words in messages.items() if not all(_forms(words))]
    )


def misprints(messages: Messages) -> list[str]:
    """What differs from the msgid and must not, and quotes and dots as typewriters had them."""
    rules: dict[str, Callable[[str], object]] = {
        "placeholders": lambda text: sorted(re.findall(r"%\(\w+\)\w|\{\w+\}|</?\w+>", text)),
        "ends": lambda text: re.findall(r"[.!?:…]?$", text)[0],
        "spaces": lambda text: (re.findall(r"^\s*|\s*$", text), "  " in text.strip()),
    }
    found = []
    for msgid, words in messages.items():
        for text, said in zip(_forms(words), (msgid.text, msgid.plural), strict=False):
            found += [f"{name}: {text}" for name, of in rules.items() if of(text) != of(said)]
            bare = re.sub(r"<[^<>]+>", "", text)  # attributes are quoted as HTML has it
            if re.search(r"[\"'”]|\.\.\.| - ", bare) or text.count("„") != text.count("“"):
                found.append(f"typewriter: {text}")
    return found


def slips(du: Messages, sie: Messages) -> list[str]:
    """Texts in the wrong tone; and pairs that differ although neither addresses anybody."""
    found = []
    for msgid in sorted(set(du) & set(sie)):
        ours, theirs = " ".join(_forms(du[msgid])), " ".join(_forms(sie[msgid]))
        if msgid.text in NAMES_OF_TONES:
            continue
        if re.search(SIE, ours):
            found.append(f"Sie among du: {ours}")
        # "Schauen Sie" is no order to du; the words before a Sie are left out.
        if re.search(DU, theirs) or re.search(IMPERATIVES, re.sub(r"\w+ Sie\b", "", theirs)):
            found.append(f"du among Sie: {theirs}")
        if ours != theirs:
            if not re.search(DU, ours) and not re.search(IMPERATIVES, ours):
                found.append(f"differs, but who is meant: {ours}")
            if not re.search(SIE, theirs):
                found.append(f"differs, but who is meant: {theirs}")
    return found


def _forms(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return words if isinstance(words, tuple) else (words,)


# --- the catalogues


@pytest.mark.parametrize("locale", tool.LOCALES)
def test_catalogue_has_what_the_code_says(
    locale: str, wanted: set[Msgid], spoken: dict[str, Messages]
) -> None:
    assert gaps(spoken[locale], wanted) == []


@pytest.mark.parametrize("locale", ["de", "de_Formal"])
def test_german_is_set_properly(locale: str, spoken: dict[str, Messages]) -> None:
    assert misprints(spoken[locale]) == []


def test_du_and_sie_never_mix(spoken: dict[str, Messages]) -> None:
    assert slips(spoken["de"], spoken["de_Formal"]) == []


def test_english_is_what_the_code_says(spoken: dict[str, Messages]) -> None:
    assert {msgid.text: words for msgid, words in spoken["en"].items()} == {
        msgid.text: (msgid.text, msgid.plural) if msgid.plural else msgid.text
        for msgid in spoken["en"]
    }


@pytest.mark.parametrize("locale", tool.LOCALES)
def test_compiled_catalogue_is_up_to_date(locale: str, spoken: dict[str, Messages]) -> None:
    compiled = tool.path_of(locale, "mo").read_bytes()

    assert compiled == tool.compiled(locale, spoken[locale]), "run `make messages`"


@pytest.mark.parametrize("locale", tool.LOCALES)
def test_compiled_catalogue_says_what_is_written(locale: str, spoken: dict[str, Messages]) -> None:
    with tool.path_of(locale, "mo").open("rb") as file:
        compiled = GNUTranslations(file)

    said = {
        msgid: (
            (compiled.gettext(msgid.text),)
            if not msgid.plural
            else tuple(compiled.ngettext(msgid.text, msgid.plural, n) for n in (1, 2))
        )
        for msgid in spoken[locale]
    }
    assert said == {msgid: _forms(words) for msgid, words in spoken[locale].items()}


# --- broken catalogues are found


GOOD: Messages = {
    Msgid("Load it again, %(name)s."): "Lade es neu, %(name)s.",
    Msgid("{n} left"): "noch {n}",
}


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({}, []),
        ({"Wall": "Wand"}, ["obsolete: Wall"]),
        ({"{n} left": ""}, ["empty: {n} left"]),
        ({"{n} left": None}, ["missing: {n} left"]),
    ],
)
def test_gap_is_found(change: dict[str, str | None], finding: list[str]) -> None:
    assert gaps(changed(GOOD, change), set(GOOD)) == finding


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("noch {n}", []),
        ("noch {m}", ["placeholders"]),
        ("noch", ["placeholders"]),
        ("noch {n}!", ["ends"]),
        ("noch {n} ", ["spaces"]),
        ("noch  {n}", ["spaces"]),
        ('noch "{n}"', ["typewriter"]),
        ("noch „{n}”", ["typewriter"]),
        ("noch „{n}", ["typewriter"]),
    ],
)
def test_misprint_is_found(text: str, kinds: list[str]) -> None:
    found = misprints(changed(GOOD, {"{n} left": text}))

    assert [line.partition(":")[0] for line in found] == kinds


@pytest.mark.parametrize(
    ("du", "sie", "findings"),
    [
        ("Lade es neu.", "Laden Sie es neu.", 0),
        ("Das geht nicht.", "Das geht nicht.", 0),
        ("Laden Sie es neu.", "Laden Sie es neu.", 1),
        ("Frag Ihren Nachbarn.", "Fragen Sie Ihren Nachbarn.", 1),
        ("Lade es neu.", "Lade es neu.", 1),
        ("Das ist deins.", "Das ist deins.", 1),
        ("Das ist deins.", "Das ist Ihres, nicht dir.", 1),
        ("Das geht.", "Das klappt.", 2),
        ("Tippe den Code ein.", "Tippe den Code ein.", 1),
        ("Wähl eins.", "Wähl eins.", 1),
        ("Bitte zeig es.", "Bitte zeig es.", 1),
        ("Bitte einen Moment warten.", "Bitte einen Moment warten.", 0),
        ("Tippe den Code ein.", "Tippen Sie den Code ein.", 0),
        ("Euer Code.", "Ihr Code.", 0),
        ("Dein Code, schauen Sie.", "Ihr Code, schauen Sie.", 1),
    ],
)
def test_slip_of_tone_is_found(du: str, sie: str, findings: int) -> None:
    msgid = Msgid("Load it again.")

    assert len(slips({msgid: du}, {msgid: sie})) == findings


def changed(messages: Messages, change: dict[str, str | None]) -> Messages:
    words = {msgid.text: said for msgid, said in messages.items()} | change
    return {Msgid(text): said for text, said in words.items() if said is not None}


# --- the tool reads all there is


def test_every_tag_for_words_in_templates_is_read() -> None:
    tag = re.compile(r"{%\s*(blocktrans(late)?|trans(late)?)\s")
    read, written = {}, {}
    for path in tool.sources():
        if path.suffix == ".html":
            source = path.read_text(encoding="utf-8")
            written[path.name] = len(tag.findall(source))
            read[path.name] = len(list(tool.in_template(source)))

    assert read == written
    assert sum(written.values()) > 50


def test_every_call_for_words_in_modules_is_read() -> None:
    call = re.compile(r"(?<!\w)(?:_|n?p?gettext(?:_lazy|_noop)?)\((?=\s*[\"'])")
    read, written = {}, {}
    for path in tool.sources():
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
            written[path] = len(call.findall(source))
            read[path] = len(list(tool.in_python(source)))

    assert read == written
    assert sum(written.values()) > 50


def test_python_is_read_under_every_name() -> None:
    source = """
from django.utils import translation
from django.utils.translation import gettext_lazy as say, ngettext, npgettext, pgettext_lazy
say("a" "b"); ngettext("one", "many", n); pgettext_lazy("where", "what"); translation.gettext("c")
npgettext("where", "one", "many", n); other("d"); gettext("e")
"""

    assert set(tool.in_python(source)) == {
        Msgid("ab"),
        Msgid("one", "many"),
        Msgid("what", context="where"),
        Msgid("c"),
        Msgid("one", "many", "where"),
    }


def test_template_is_read_as_django_reads_it() -> None:
    source = """{% load i18n %}{% translate "100 %" context "where" %}
{% if a %}{% blocktranslate trimmed count n=n %}
  one {{ b }}
{% plural %}
  many
{% endblocktranslate %}{% endif %}"""

    assert set(tool.in_template(source)) == {
        Msgid("100 %%", context="where"),
        Msgid("one %(b)s", "many"),
    }


@pytest.mark.parametrize(
    ("read", "source"),
    [
        (tool.in_python, "from django.utils.translation import gettext as _\n_(f'{a}')"),
        (tool.in_python, "from django.utils.translation import gettext as _\n_(name)"),
        (tool.in_template, "{% load i18n %}{% translate name %}"),
        (tool.in_template, '{% include "eventhub/_foot.html" with words=_("Wall") %}'),
    ],
)
def test_words_that_no_catalogue_can_know_are_refused(
    read: Callable[[str], Iterator[Msgid]], source: str
) -> None:
    with pytest.raises(UnreadableError):
        list(read(source))


def test_update_keeps_words_adds_new_ones_empty_and_drops_old_ones() -> None:
    new = Msgid("Wall")
    old = next(iter(GOOD))
    wanted = {*GOOD, new} - {old}

    assert tool.updated(GOOD, wanted, "de") == {Msgid("{n} left"): "noch {n}", new: ""}
    assert tool.updated({}, {new, replace(new, plural="Walls")}, "en") == {
        new: "Wall",
        replace(new, plural="Walls"): ("Wall", "Walls"),
    }


def test_same_messages_give_the_same_bytes() -> None:
    backwards = dict(reversed(GOOD.items()))

    assert tool.compiled("de", GOOD) == tool.compiled("de", backwards)
    assert b"Date" not in tool.compiled("de", GOOD)
