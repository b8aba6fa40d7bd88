"""The barcamp of the demo event: its rounds, what people propose, who would come. All invented.

Two rounds stand in the programme, the third is open: guests propose and say what they would come
to, and one tap of the staff goes on to the pitches.
"""

from dataclasses import dataclass
from datetime import timedelta

from agenda import barcamp
from agenda.models import Attendee, Barcamp, Event, Hosting, Period, Proposal, Room, Session, Vote
from eventhub.live.log import Log
from eventhub.live.models import new_key
from wall import demo_day as day

ROUNDS = (135, 195, 300)  # minutes after the doors open
MINUTES = timedelta(minutes=45)
GUESTS = 36  # who have said what they would come to
ROOMS = (day.SAAL, day.RAUM_2, day.RAUM_3, day.WERKSTATT, day.HOF)


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal. `votes` of the guests would come; `room`: where it stands in the third round."""

    title: str
    host: str
    text: str
    votes: int
    hands: int | None = None
    room: str = ""
    needs: str = ""
    late: bool = False  # its host comes for the third round only
    state: str = Proposal.State.OPEN


CARDS = (
    Card(
        "Offene Daten im Rathaus: Was wollt ihr zuerst?", "Bernd Ohle",
        "Wir dürfen 30 Tabellen herausgeben und wissen nicht, welche ihr braucht. Sagt es mir.",
        21, hands=34, room=day.RAUM_2,
    ),
    Card(
        "Fotos vom Handy, die man drucken kann", "Jule Marten",
        "Fensterlicht, ein Blatt Papier, drei Handgriffe. Bringt etwas mit, das ihr herstellt.",
        14, hands=18, room=day.RAUM_3,
    ),
    Card(
        "Lieferscheine ohne Papier: Wer traut sich?", "Jörg Wittich",
        "Drei Minuten je Zettel, vierzig Zettel am Tag. Ich habe die Rechnung, ihr die Lösung?",
        24,
    ),
    Card(
        "Der erste Tag: Was Neue wirklich brauchen", "Lina und Cem aus der Bäckerei",
        "Spind, Name, Mittagessen. Am Ende hängt eine Liste, die jeder Betrieb abschreiben darf.",
        31,
    ),
    Card(
        "Kann das weg? Programme, die niemand mehr kennt", "Fatma Özkan",
        "In jedem Büro läuft etwas, das keiner anzufassen wagt. Wir fassen es an.",
        17,
    ),
    Card(
        "Termine, zu denen alle kommen", "Radwerkstatt Mühlgraben",
        "Zwölf Ehrenamtliche, kein Chef, jeden Dienstag voll. So laden wir ein.",
        9,
    ),
    Card(
        "Eine Website für alle, an einem Nachmittag", "Tomke Behrens",
        "Acht Handgriffe, damit auch Menschen mit schlechten Augen euch finden. Ohne Agentur.",
        19, needs="Beamer, Steckdosen",
    ),
    Card(
        "Reparieren statt wegwerfen: eine Werkstatt für die ganze Straße", "Dimitri Lange",
        "Werkzeug hat jeder, Zeit niemand. Was, wenn wir beides zusammenlegen?",
        12, late=True,
    ),
    Card(
        "Nachfolge gesucht, Nachfolge gefunden", "",
        "Fünf Minuten Speed-Dating zwischen Leuten, die aufhören, und Leuten, die anfangen.",
        7,
    ),
    Card(
        "Podcast aus der Backstube", "Sabine Opitz",
        "Morgens um drei ist Zeit zum Reden. Wer hört zu, und wie fängt man an?",
        5, state=Proposal.State.PARKED,
    ),
)  # fmt: skip


def add_barcamp(log: Log, event: Event) -> None:
    """Into an open log, after the programme. Some twenty statements."""
    rooms = {room.name: room for room in Room.objects.filter(event=event)}
    Room.objects.filter(event=event).exclude(name__in=ROOMS).update(barcamp=False)
    log.add(Barcamp(event=event))
    log.add_all([_round(event, begins) for begins in ROUNDS])
    guests = Attendee.objects.bulk_create(
        [Attendee(event=event, key=new_key()) for _ in range(GUESTS)]
    )
    proposals = [*_of_programme(event), *(_proposal(event, card) for card in CARDS)]
    for position, proposal in enumerate(proposals, 1):
        proposal.position = position
    log.add_all(proposals)
    third = _round(event, ROUNDS[-1])
    Vote.objects.bulk_create(
        Vote(attendee=guests[(position * 7 + n) % GUESTS], proposal=proposal)
        for position, proposal in enumerate(proposals)
        for n in range(proposal.votes)
    )
    own = [proposal for proposal in proposals if proposal.session is None]
    for guest, proposal, card in zip(guests, own, CARDS, strict=False):
        Hosting.objects.create(attendee=guest, proposal=proposal)
        if card.room:
            barcamp.place(proposal, rooms[card.room], third.starts_at, third.ends_at)


def shift_barcamp(log: Log, event: Event, delta: timedelta) -> None:
    """As the day moves, so do its rounds and wishes. No two rows meet on the way."""
    latest_first = "-starts_at" if delta > timedelta() else "starts_at"
    for period in Period.objects.filter(event=event).order_by(latest_first):
        moved = log.fresh(period)
        moved.starts_at += delta
        moved.ends_at += delta
        log.touch(moved)
    for proposal in Proposal.objects.filter(event=event):
        if proposal.not_before or proposal.not_after:
            card = log.fresh(proposal)
            card.not_before = card.not_before and card.not_before + delta
            card.not_after = card.not_after and card.not_after + delta
            log.touch(card)


def _round(event: Event, begins: int) -> Period:
    starts_at = event.starts_at + timedelta(minutes=begins)
    return Period(event=event, starts_at=starts_at, ends_at=starts_at + MINUTES)


def _of_programme(event: Event) -> list[Proposal]:
    """The barcamp sessions that a host brought; the others the organizers asked for."""
    sessions = Session.objects.filter(event=event, kind=Session.Kind.BARCAMP, speakers=None)
    return [
        Proposal(
            event=event,
            title=session.title,
            text=session.abstract,
            host=session.host,
            session=session,
            votes=GUESTS - 4 * number,
            hands=61 - 20 * number,
        )
        for number, session in enumerate(sessions.order_by("pk"))
    ]


def _proposal(event: Event, card: Card) -> Proposal:
    third = _round(event, ROUNDS[-1])
    return Proposal(
        event=event,
        title=card.title,
        text=card.text,
        host=card.host,
        needs=card.needs,
        state=card.state,
        votes=card.votes,
        hands=card.hands,
        not_before=third.starts_at if card.late else None,
    )
