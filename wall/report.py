"""The report after the day: answers by question, notes by session, counts. As text and as a table.

Of guests' notes those that stand on the wall; of posts from elsewhere only where they are and how
many. What somebody wrote can neither break out of the text nor become a formula in the table.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agenda.exchange.cells import harmless
from agenda.models import Answer, Event, Session
from wall.models import Post
from wall.numbers import numbers
from wall.targets import parse_url

_ALWAYS = re.compile(r"([\\`*_\[\]<>#|~&$^{}!])")
_AT_START = re.compile(r"^([-+=:%@]|\d+[.)])")


@dataclass(frozen=True, slots=True)
class Words:
    """What a guest wrote, and as whom."""

    text: str
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Report:
    """All of it, in the language of the event. `answers` by question, in their order."""

    event: Event
    counts: list[tuple[str, int]] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[Words]] = field(default_factory=dict)  # by session; to none of them last
    links: dict[str, list[str]] = field(default_factory=dict)  # by network


def gather(event: Event) -> Report:
    """Read everything once; a handful of queries, however much there is."""
    with translation.override(event.language):
        return Report(event, _counts(event), _answers(event), _notes(event), _links(event))


def _counts(event: Event) -> list[tuple[str, int]]:
    found = numbers(event, timezone.now())
    networks = [(network_name(network), count) for network, count in found.networks]
    return [
        (_("Guests who wrote or took part"), found.guests),
        (_("Posts on the wall"), found.shown),
        *[(_("On the wall: %(network)s") % {"network": name}, count) for name, count in networks],
        (_("Not shown"), found.not_shown),
        (_("Taken back"), found.withdrawn),
        (_("Answers to the four questions"), found.all_answers),
    ]


def _answers(event: Event) -> dict[str, list[str]]:
    """By question. Sorted by their words, so that no order tells which ones one person wrote."""
    by_question: dict[str, list[str]] = {str(question.label): [] for question in Answer.Question}
    for answer in Answer.objects.filter(event=event):
        by_question[str(answer.get_question_display())].append(answer.text)
    return {question: sorted(texts, key=str.casefold) for question, texts in by_question.items()}


def _notes(event: Event) -> dict[str, list[Words]]:
    """By session in the order of the programme; in each as they came to the wall."""
    posts = Post.objects.filter(event=event, network="note").shown().order_by("shown_seq")
    by_session: defaultdict[int | None, list[Words]] = defaultdict(list)
    for post in posts.filter(attendee__isnull=False):
        words = Words(post.text, post.author_name or _("Guest"), post.organisation)
        by_session[post.session_id].append(words)
    sessions = Session.objects.filter(event=event).prefetch_related("slots")
    begun = {s.pk: min((slot.starts_at for slot in s.slots.all()), default=None) for s in sessions}
    ordered = sorted(sessions, key=lambda s: (begun[s.pk] is None, begun[s.pk], s.pk))
    named = {_title(s): by_session[s.pk] for s in ordered if by_session[s.pk]}
    return named | ({_("To the event"): by_session[None]} if by_session[None] else {})


def _title(session: Session) -> str:
    return f"{session.title} ({session.host})" if session.host else session.title


def _links(event: Event) -> dict[str, list[str]]:
    by_network: defaultdict[str, list[str]] = defaultdict(list)
    foreign = Post.objects.filter(event=event, attendee=None).exclude(network="note").shown()
    for network, url in foreign.order_by("shown_seq").values_list("network", "url"):
        if is_link(url):
            by_network[network_name(network)].append(url)
    return dict(by_network)


def network_name(network: str) -> str:
    return _("Notes") if network == "note" else network.capitalize()


def is_link(url: str) -> bool:
    """Whether `url` is an address that nobody reads differently than we do."""
    try:
        parse_url(url)
    except ValueError:
        return False
    return url.isascii()


# --- as text


def as_markdown(report: Report) -> str:
    with translation.override(report.event.language):
        return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    event = report.event
    yield f"# {_('Report')}: {escaped(event.name)}"
    yield ""
    days = [
        date_format(at.astimezone(event.tz), "DATE_FORMAT")
        for at in (event.starts_at, event.ends_at)
    ]
    about = [" – ".join(dict.fromkeys(days)), event.place, event.hashtag and f"#{event.hashtag}"]
    yield ", ".join(escaped(word) for word in about if word)
    yield from ("", f"## {_('Numbers')}", "")
    yield from (f"- {escaped(name)}: {count}" for name, count in report.counts)
    for question, texts in report.answers.items():
        yield from ("", f"## {escaped(question)}", "")
        yield from (item(text) for text in texts)
        if not texts:
            yield _("No answers.")
    yield from ("", f"## {_('Notes by session')}", "")
    if not report.notes:
        yield _("No notes.")
    for session, notes in report.notes.items():
        yield from (f"### {escaped(session)}", "")
        yield from (item(note.text, by=_signed(note)) for note in notes)
        yield ""
    if report.links:
        yield from (f"## {_('Posts from elsewhere')}", "")
    for network, urls in report.links.items():
        yield from (f"### {escaped(network)}", "", *(f"- <{url}>" for url in urls), "")


def _signed(note: Words) -> str:
    return f"{note.name}, {note.organisation}" if note.organisation else note.name


def item(text: str, *, by: str = "") -> str:
    """One entry of a list: its lines stay in it, whatever they begin with."""
    lines = [escaped(line) for line in text.splitlines() if line.strip()]
    if by:
        lines.append(f"— *{escaped(by)}*")
    return "- " + "\\\n  ".join(lines)


def escaped(text: str) -> str:
    """`text` as one line of Markdown that says exactly this and means nothing else."""
    line = _ALWAYS.sub(r"\\\1", " ".join(text.split()))
    return _AT_START.sub(lambda found: f"{found[1][:-1]}\\{found[1][-1]}", line)


# --- as a table


def as_csv(report: Report) -> str:
    """For spreadsheets, with a byte order mark; a German one reads semicolons as columns."""
    with translation.override(report.event.language):
        table = io.StringIO()
        german = report.event.language.startswith("de")
        writer = csv.writer(table, delimiter=";" if german else ",", quoting=csv.QUOTE_ALL)
        for row in _rows(report):
            writer.writerow([harmless(cell) for cell in row])
        return "\ufeff" + table.getvalue()


def _rows(report: Report) -> Iterator[tuple[str, ...]]:
    yield _("Kind"), _("Question or session"), _("Text"), _("Name"), _("Organisation"), _("Number")
    for name, count in report.counts:
        yield _("Number"), name, "", "", "", str(count)
    for question, texts in report.answers.items():
        for text in texts:
            yield _("Answer"), question, text, "", "", ""
    for session, notes in report.notes.items():
        for note in notes:
            yield _("Note"), session, note.text, note.name, note.organisation, ""
    for network, urls in report.links.items():
        for url in urls:
            yield _("Post from elsewhere"), network, url, "", "", ""
