"""The report: whose it is, what stands in it, and that no guest's words break out of it."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agenda import feedback
from agenda.models import Answer, Event
from eventhub.live.models import new_key
from tests import factories, guests, two_events
from tests.two_events import ORGANIZERS, ROLES
from wall import report
from wall.models import Post

pytestmark = pytest.mark.django_db

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    " =1+1",
    "\u00a0=1+1",
    "\u3000=1",
    "\ufeff=1+1",
    "\u200b=1+1",
    '=HYPERLINK("https://evil.example";"x")',
    "=IMPORTXML(A1)",
    "+49 351 1234",
    "-",
    "=",
    "@",
    "+",
    "=\t1",
    "@everybody",
    "--- nothing",
    "=" * 200,
    "+-=@",
    "  \t =1",
]
BREAKOUTS = [
    "# A heading",
    "## Good?",
    "- an entry",
    "* an entry",
    "+ an entry",
    "1. first",
    "2) second",
    "> said",
    "===",
    "---",
    "***",
    "```",
    "~~~ sh",
    "    code",
    "\tcode",
    "<script>alert(1)</script>",
    "<!-- hidden",
    "[link](https://evil.example)",
    "![picture](https://evil.example/x.png)",
    "[ref]: https://evil.example",
    "<https://evil.example>",
    "| a | b |",
    "|---|---|",
    "**bold** _soft_ ~~gone~~ `code`",
    "&lt;b&gt;",
    "ends with a backslash\\",
    "\\# already escaped",
    "$x$ and $$y$$",
    "[^1]: a footnote",
    "::: warning",
    "% title",
    "one\n# two\n- three\n\n> four\n=== five",
]


def told(event: Event) -> str:
    return report.as_markdown(report.gather(event))


def table(event: Event) -> list[list[str]]:
    text = report.as_csv(report.gather(event)).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text), delimiter="," if event.language == "en" else ";"))


@pytest.fixture
def english(event: Event) -> Event:
    event.language = Event.Language.EN
    event.feedback = Event.Feedback.OPEN
    event.save()
    return event


def say(event: Event, **answers: str) -> None:
    feedback.answer(event, origin=new_key(), answers=answers)


# --- what stands in it


def test_answers_stand_by_question_and_in_no_order_of_people(english: Event) -> None:
    say(english, good="Zebra", tricky="The stairs")
    say(english, good="aardvark", action="Call Mira")

    found = report.gather(english)

    assert found.answers == {
        "Good?": ["aardvark", "Zebra"],
        "Tricky?": ["The stairs"],
        "Learned?": [],
        "Action?": ["Call Mira"],
    }
    assert "## Learned?\n\nNo answers." in told(english)


def test_notes_stand_by_session_in_the_order_of_the_programme(english: Event) -> None:
    late = factories.make_session(english, "Closing", host="Mira")
    early = factories.make_session(english, "Opening")
    factories.make_slot(english, session=early, start="09:00")
    factories.make_slot(english, session=late, start="16:00")
    jonas = factories.make_attendee(english, "Jonas")
    factories.make_note(english, attendee=jonas, session=late, text="Thanks", organisation="Kammer")
    factories.make_note(english, attendee=jonas, session=early, text="Hello")
    factories.make_note(english, text="Coffee")
    for state in (Post.State.PENDING, Post.State.HIDDEN, Post.State.WITHDRAWN):
        factories.make_note(english, text="Secret", state=state)

    found = report.gather(english)

    assert {name: [note.text for note in notes] for name, notes in found.notes.items()} == {
        "Opening": ["Hello"],
        "Closing (Mira)": ["Thanks"],
        "To the event": ["Coffee"],
    }
    assert "- Thanks\\\n  — *Jonas, Kammer*" in told(english)
    assert "- Coffee\\\n  — *Guest*" in told(english)
    assert "Secret" not in told(english) + str(table(english))


def test_posts_from_elsewhere_are_links_and_counts(english: Event) -> None:
    factories.make_post(english, url="https://social.example/1", text="Not ours to copy")
    factories.make_post(english, url="javascript:alert(1)")
    factories.make_post(english, url="https://social.example/ü>\n# out")
    factories.make_post(english, url="https://social.example/2", state=Post.State.HIDDEN)

    found = report.gather(english)

    assert found.links == {"Mastodon": ["https://social.example/1"]}
    assert ("On the wall: Mastodon", 3) in found.counts
    assert "Not ours to copy" not in told(english) + str(table(english))
    assert "Ada" not in told(english) + str(table(english))


def test_report_speaks_the_language_of_the_event(english: Event) -> None:
    assert told(english).startswith(f"# Report: {english.name}\n\n")

    with translation.override("en"):  # whatever the organizer's browser wishes
        english.language = Event.Language.DE
        german = report.as_csv(report.gather(english))

    assert german.startswith("\ufeff")
    assert ";" in german.splitlines()[0]


def test_report_asks_as_often_for_many_rows_as_for_one(english: Event) -> None:
    counts = []
    for _ in range(2):
        for _ in range(2):
            session = factories.make_session(english)
            factories.make_slot(english, session=session)
            factories.make_note(english, session=session)
            factories.make_post(english, url="https://social.example/1")
            say(english, good="Good")
        with CaptureQueriesContext(connection) as captured:
            told(english)
        counts.append(len(captured))

    assert counts[0] == counts[1]


# --- nobody breaks out


def shape(markdown: str) -> list[str]:
    """What each line begins, and every special character that is not escaped."""
    begins = re.compile(r"((?:- )?(?:#+ |[-*+] |>|\||=+$|-+$|`{3}|~{3}|:{3}|%|\d+[.)]| {3,}|\t)?)")
    found = []
    for line in markdown.splitlines():
        goes_on = re.match(r"  \S", line) is not None  # there may be more of those, of no shape
        begin = begins.match(line[2:] if goes_on else line)
        found += [begin[0]] if begin and (begin[0] or not goes_on) else []
    unescaped = re.sub(r"\\([!-/:-@\[-`{-~]|\n)", "", markdown)
    return found + re.findall(r"[\\`*_\[\]<>|~&$^{}!]", unescaped)


def write_everywhere(event: Event, text: str) -> str:
    """The report of an event in which `text` stands wherever a stranger or organizer may write."""
    author = factories.make_attendee(event, text[:200])
    session = factories.make_session(event, text[:200], host=text[:200])
    factories.make_note(event, attendee=author, text=text, session=session, organisation=text[:200])
    Answer.objects.create(event=event, question="good", text=text, origin="one")
    event.name = event.place = text[:120]
    event.save()
    return told(event)


@pytest.mark.parametrize("text", BREAKOUTS)
def test_words_stay_words_in_the_text(english: Event, text: str) -> None:
    other = factories.make_event(language=Event.Language.EN)

    assert shape(write_everywhere(english, text)) == shape(write_everywhere(other, "Word"))


def test_words_that_are_not_escaped_would_be_found(
    english: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    harmless = shape(write_everywhere(english, "Word"))
    monkeypatch.setattr(report, "escaped", lambda text: text)
    broken = [
        text
        for text in BREAKOUTS
        if shape(write_everywhere(factories.make_event(language="en"), text)) != harmless
    ]

    assert len(broken) > 20


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(english: Event, text: str) -> None:
    session = factories.make_session(english, text[:200])
    attendee = factories.make_attendee(english, text[:200])
    factories.make_note(
        english, attendee=attendee, text=text, session=session, organisation=text[:200]
    )

    cells = [cell for row in table(english) for cell in row]

    assert [cell for cell in cells if cell.strip()[:1] in set("=+-@＝＋－＠")] == []
    assert f"'{text}" in cells


def test_quotes_and_separators_stay_in_their_cell(english: Event) -> None:
    factories.make_note(english, text='a";"b","c\n"d"')

    rows = table(english)

    assert {len(row) for row in rows} == {6}
    assert 'a";"b","c\n"d"' in [cell for row in rows for cell in row]


# --- whose it is


@pytest.mark.sqlite
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("file", ["report.md", "report.csv"])
def test_report_is_for_the_organizers_of_the_event(role: str, file: str) -> None:
    guests.refill_buckets()
    a, b = two_events.furnish_two()
    note = factories.make_note(b.event, text=two_events.canary())

    answer = ROLES[role](a, b).get(f"/{b.event.slug}/home/{file}")

    if role in ORGANIZERS:
        assert answer.status_code == 200
        assert answer["Cache-Control"].count("no-store") == 1
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert note.text in answer.content.decode("utf-8-sig")
    else:
        assert answer.status_code in {302, 404}
        assert note.text not in guests.everything_said(answer)
