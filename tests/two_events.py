"""Event A and event B side by side: the people of both, and what must never leave B."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from agenda import doors, helpers
from agenda.models import (
    Answer,
    Appearance,
    Attendee,
    Barcamp,
    Door,
    DoorEntry,
    DoorKey,
    Event,
    Hosting,
    Membership,
    Period,
    Proposal,
    Room,
    Session,
    Slot,
    Speaker,
    Suggestion,
    Track,
    Upload,
    User,
    Vote,
)
from eventhub.live.log import changing
from eventhub.live.models import Change, Stream
from tests import factories, guests, keepers
from wall import moderation
from wall.demo_organizer import add_organizer
from wall.models import (
    Action,
    Author,
    Decision,
    Delay,
    Direction,
    Display,
    Evidence,
    Listed,
    Objection,
    Pairing,
    Photo,
    Picture,
    Placard,
    Post,
    Prepared,
    Presence,
    Prompt,
    Rehearsal,
    Rule,
    Screen,
    Sign,
    Source,
    Step,
    Tombstone,
)
from wall.organizers import GROUP

ROWS: tuple[type[Model], ...] = (Room, Track, Speaker, Session, Slot, Membership, Attendee, Answer)
ROWS += (Barcamp, Period, Proposal)
ROWS += (Upload, Door, DoorEntry, Source, Post, Photo, Decision, Rule, Screen)
ROWS += (Author, Listed, Step, Presence, Tombstone, Objection, Evidence, Picture, Prompt, Prepared)
ROWS += (Action,)
ROWS += (Direction, Delay, Rehearsal, Placard)
OF_SCREENS: tuple[type[Model], ...] = (Sign, Pairing, Display)
Role = Membership.Role
TOMORROW = timezone.now() + timedelta(days=1)


@dataclass
class Hall:
    """One event with a row of every kind.

    `private` is for its staff's eyes, `colleagues` also for helpers at the stage, `for_pitches`
    for those of the barcamp's staff, `for_organizers` for theirs alone, `secret` for none.
    """

    event: Event
    private: list[str] = field(default_factory=list)
    colleagues: list[str] = field(default_factory=list)
    for_pitches: list[str] = field(default_factory=list)
    for_organizers: list[str] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)
    rows: dict[str, Model] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # what stands for ids in addresses
    pending: Post = field(init=False)
    upload: Upload = field(init=False)
    proposal: Proposal = field(init=False)
    screen: Screen = field(init=False)
    screen_key: str = field(init=False)
    guest_key: str = field(init=False)

    def person(self, role: str, **membership: Any) -> User:
        """Somebody with a task here; organizers may in the admin what the demo's may."""
        staff = role == Role.ORGANIZER
        user = factories.make_user(f"{role}-{secrets.token_hex(4)}", is_staff=staff)
        Membership.objects.create(user=user, event=self.event, role=role, **membership)
        if staff:
            user.groups.add(Group.objects.get(name=GROUP))
        return user

    def hidden_from(self, role: str) -> list[str]:
        """What must not be in anything that `role` is sent."""
        words = list(self.secret)
        words += self.private if role not in DESK else []
        words += self.colleagues if role not in DESK | STAGE else []
        words += self.for_pitches if role not in PITCHES else []
        return words + (self.for_organizers if role not in ORGANIZERS else [])

    def state(self) -> dict[str, list[str]]:
        """Every row of this event, to be compared before and after."""
        event = self.event
        found: dict[str, Any] = {
            "event": Event.objects.filter(pk=event.pk),
            "people": User.objects.filter(membership__event=event),
            "stream": Stream.objects.filter(event_id=event.pk),
            "changes": Change.objects.filter(event_id=event.pk),
        }
        found |= {m.__name__: m._default_manager.filter(screen__event=event) for m in OF_SCREENS}
        found |= {m.__name__: m._default_manager.filter(event_id=event.pk) for m in ROWS}
        return {
            name: sorted(repr(row) for row in rows.values_list()) for name, rows in found.items()
        }


def canary() -> str:
    return f"canary{secrets.token_hex(8)}"


def furnish(event: Event) -> Hall:
    """`event` with programme, posts in every state, a guest, a source, a screen and staff."""
    hall = Hall(event)
    add_organizer(event, "!")
    room = factories.make_room(event, capacity=40)
    track, speaker = factories.make_track(event), factories.make_speaker(event)
    session = factories.make_session(event, host="Mira", track=track)
    Appearance.objects.create(session=session, speaker=speaker)
    slot = factories.make_slot(event, session=session, room=room)
    barcamp, period = factories.make_barcamp(event), factories.make_period(event)
    hall.proposal = factories.make_proposal(event, host="Mira")
    rule = factories.make_rule(event, Rule.Mode.REVIEW)

    attendee = factories.make_attendee(event, canary())
    hall.pending = factories.make_note(event, attendee=attendee, text=canary(), state="pending")
    photo = factories.make_photo(hall.pending, alt=canary())
    hidden = factories.make_post(event, text=canary(), author_name=canary(), state="pending")
    moderator = factories.make_moderator(event, canary())
    moderation.hide(hidden, by=moderator)
    factories.make_post(event)

    token, hall.screen_key, hall.guest_key = canary(), canary(), canary()
    source = factories.make_source(event, error=canary(), token=token)
    hall.screen = screen = factories.make_screen(event, key=hall.screen_key)

    door = helpers.open_door(event, task="desk", until=TOMORROW, by=moderator)
    spent = doors.words_of(_key(door))
    helper = helpers.enter(event, key=spent, name=canary(), visit=canary()).user
    key = _key(door)

    hall.upload = Upload.objects.create(
        event=event, by=moderator, name=canary(), state=Upload.State.READ, content=b"x"
    )
    answer = Answer.objects.create(event=event, question="good", text=canary(), origin=canary())

    _propose_in_secret(hall, attendee)
    hall.private = [attendee.nickname, attendee.key, hall.pending.text, hidden.text]
    hall.private += [photo.key, photo.alt]
    hall.private += [hidden.author_name, source.error]
    hall.colleagues = [moderator.username]
    hall.for_organizers = [helper.spoken_name(), "-".join(doors.in_groups(doors.words_of(key)))]
    hall.for_organizers += [answer.text, hall.upload.name]
    hall.secret += [answer.origin, token, source.token_sealed, hall.screen_key, screen.key_hash]
    hall.secret += [spent, key.key_sealed, key.key_hash]
    deed = keepers.keep_watch(hall.event, moderator, hidden, attendee)
    hall.private += deed.private
    hall.for_organizers += deed.for_organizers
    hall.secret += deed.secret
    hall.secret += _use_screen(screen, hall.pending)
    _direct(screen, room, moderator)
    hall.rows = {
        "wall/action": deed.row,
        "agenda/user": moderator,
        "agenda/event": event,
        "agenda/membership": Membership.objects.get(user=moderator),
        "agenda/helper": Membership.objects.get(user=helper),
        "agenda/room": room,
        "agenda/track": track,
        "agenda/speaker": speaker,
        "agenda/session": session,
        "agenda/slot": slot,
        "agenda/barcamp": barcamp,
        "agenda/period": period,
        "agenda/proposal": hall.proposal,
        "wall/source": source,
        "wall/post": hall.pending,
        "wall/rule": rule,
        "wall/screen": screen,
        "wall/decision": Decision.objects.get(post=hidden),
        "auth/group": Group.objects.get(name=GROUP),
    }
    return hall


def _propose_in_secret(hall: Hall, attendee: Attendee) -> None:
    """What only the barcamp's staff reads: what waits for a look, and the codes of all cards."""
    event = hall.event
    held = factories.make_proposal(event, canary(), text=canary(), host=canary(), state="held")
    over = factories.make_proposal(event, canary(), text=canary(), state="declined")
    open_card = factories.make_proposal(event, sent_key=canary())
    for card in (open_card, held):
        Vote.objects.create(attendee=attendee, proposal=card)
        Hosting.objects.create(attendee=attendee, proposal=card)
    attendee.tags = [canary()]
    attendee.save()
    content = {"note": canary()}
    by = factories.make_user()
    Suggestion.objects.create(event=event, by=by, content=content, state="done")
    hall.for_pitches = [held.title, held.text, held.host, over.title, over.text, content["note"]]
    hall.for_pitches += [held.code, over.code, open_card.code]
    hall.secret = [open_card.sent_key, *attendee.tags]


def _use_screen(screen: Screen, post: Post) -> list[str]:
    """It has given a sign, has shown something, and its key waits to be fetched."""
    words = [canary() for _ in range(4)]
    Sign.objects.create(screen=screen, slide="wall", build=words[0], alive=False)
    hashes = {"code_hash": words[1], "secret_hash": words[2]}
    Pairing.objects.create(screen=screen, sealed_key=words[3], **hashes)
    times = {"from_at": TOMORROW, "until_at": TOMORROW + timedelta(seconds=9)}
    Display.objects.create(screen=screen, post=post, **times)
    return words


def _direct(screen: Screen, room: Room, by: User) -> None:
    """Screens follow the programme in words of their own; one rehearses, and a room is late."""
    with changing(screen.event_id) as log:
        log.add(Direction(event=screen.event, welcome="Welcome"))
        log.add(Delay(event=screen.event, room=room, minutes=5, by=by))
        log.add(Rehearsal(event=screen.event, screen=screen, starts_at=TOMORROW, by=by))
        log.add(Placard(event=screen.event, title="Bank", width=640, height=480))


def _key(door: Door) -> DoorKey:
    key = doors.current_key(door)
    assert key is not None
    return key


def furnish_two() -> tuple[Hall, Hall]:
    return furnish(factories.make_event()), furnish(factories.make_event())


def _deactivated(b: Hall) -> Client:
    user = b.person(Role.ORGANIZER)
    client = guests.signed_in(user)
    user.is_active = False
    user.save()
    return client


def _expired(b: Hall) -> Client:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    return guests.signed_in(b.person(Role.HELPER, tasks=["desk"], until=an_hour_ago))


def _revoked(b: Hall) -> Client:
    user = b.person(Role.HELPER, tasks=["desk", "pitch", "stage"])
    client = guests.signed_in(user)
    helpers.revoke(Membership.objects.get(user=user), by=None)
    return client


# Whoever wants something of event B, each with a browser of their own.
ROLES: dict[str, Callable[[Hall, Hall], Client]] = {
    "anonymous": lambda a, b: guests.browser(),
    "guest_of_a": lambda a, b: guests.guest(a.event, a.guest_key),
    "screen_of_a": lambda a, b: guests.beamer(a.screen_key),
    "idle_helper_of_a": lambda a, b: guests.signed_in(a.person(Role.HELPER)),
    "helper_of_a": lambda a, b: guests.signed_in(a.person(Role.HELPER, tasks=["desk"])),
    "moderator_of_a": lambda a, b: guests.signed_in(a.person(Role.MODERATOR)),
    "organizer_of_a": lambda a, b: guests.signed_in(a.person(Role.ORGANIZER)),
    # At the desk there is nothing for whoever helps with the pitches.
    "idle_helper_of_b": lambda a, b: guests.signed_in(b.person(Role.HELPER, tasks=["pitch"])),
    "stage_helper_of_b": lambda a, b: guests.signed_in(b.person(Role.HELPER, tasks=["stage"])),
    "expired_helper_of_b": lambda a, b: _expired(b),
    "revoked_helper_of_b": lambda a, b: _revoked(b),
    "deactivated_organizer_of_b": lambda a, b: _deactivated(b),
    "guest_of_b": lambda a, b: guests.guest(b.event, b.guest_key),
    "screen_of_b": lambda a, b: guests.beamer(b.screen_key),
    "helper_of_b": lambda a, b: guests.signed_in(b.person(Role.HELPER, tasks=["desk"])),
    "moderator_of_b": lambda a, b: guests.signed_in(b.person(Role.MODERATOR)),
    "organizer_of_b": lambda a, b: guests.signed_in(b.person(Role.ORGANIZER)),
    "superuser": lambda a, b: guests.signed_in(
        factories.make_user(is_staff=True, is_superuser=True)
    ),
}
DESK = {"helper_of_b", "moderator_of_b", "organizer_of_b", "superuser"}
PITCHES = {"idle_helper_of_b", "moderator_of_b", "organizer_of_b", "superuser"}
STAGE = {"stage_helper_of_b", "moderator_of_b", "organizer_of_b", "superuser"}
HELPERS = {"helper_of_b", "idle_helper_of_b", "stage_helper_of_b"}
ORGANIZERS = {"organizer_of_b", "superuser"}
STAFF = ORGANIZERS | {"organizer_of_a"}
SIGNED_OUT = {
    "anonymous",
    "guest_of_a",
    "screen_of_a",
    "deactivated_organizer_of_b",
    "guest_of_b",
    "screen_of_b",
}
