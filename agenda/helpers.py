"""The doors for helpers: open one, come in by it, send away, shut it. Knows no requests.

A door's key opens it once, and at that moment the next key is made. All verbs run inside the
event's log, which lets them pass one after the other: of two phones with the same key one comes
in. Whoever comes in by a door has no account: a user without a password, with a task and an hour.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from agenda import characters
from agenda.doors import DoorRefused, change_key, hash_key, list_refusal
from agenda.models import Door, DoorEntry, DoorKey, Event, Membership, User
from agenda.models.people import HELPER_ACCOUNT
from eventhub.live.log import Log, changing

DOOR, HELPER = "door", "helper"  # the kinds of changes told here
MAX_NAME_CHARS = 150  # what an account has room for

What = DoorEntry.What
Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Welcome:
    """Who came in, and what for. Not `is_new`: the same try once more, or nothing was added."""

    user: User
    membership: Membership
    is_new: bool


def open_door(event: Event, *, task: str, until: datetime, by: User | None) -> Door:
    """Let helpers with `task` in until `until` (aware, to come), with a new key. Also another hour.

    Who has come in already keeps the hour they were given.
    """
    now = timezone.now()
    with changing(event) as log:
        door = Door.objects.filter(event=event, task=task).first()
        if door is not None and door.until == until and door.is_open(now):
            return door
        door = door or Door(event=event, task=task)
        door.until, door.opened_by, door.opened_at = until, by, now
        door.save()
        change_key(door, now)
        _write(door, What.OPENED, by=by)
        _tell(log, door)
    return door


def shut(door: Door, *, by: User | None) -> bool:
    """Let nobody in any more; who is in stays. False if it was shut already, or its hour over."""
    now = timezone.now()
    with changing(door.event_id) as log:
        door = Door.objects.get(pk=door.pk)
        if not door.is_open(now):
            return False
        door.until = now
        door.save(update_fields=["until"])
        DoorKey.objects.filter(door=door).update(key_sealed="")
        _write(door, What.SHUT, by=by)
        _tell(log, door)
    return True


def enter(
    event: Event, *, key: str, name: str = "", visit: str = "", user: User | None = None
) -> Welcome:
    """Come in by the door that `key` opens: as `user`, or as a new helper called `name`.

    `visit` is the page's own random word: the same key from the same page finds the first result.
    Raises DoorRefused; what was refused for a key that exists stands in the book.
    """
    if user is not None and has_more(user, event):
        raise DoorRefused("has_more")
    found = DoorKey.objects.filter(key_hash=hash_key(key)).first()
    if found is None:  # guessed, or a typing error: costs one question and no lock
        raise DoorRefused("unknown")
    name = clean_name(name)
    if user is None and not name:
        raise DoorRefused("no_name")
    now = timezone.now()
    with changing(event) as log:
        spent = DoorKey.objects.select_related("door").get(pk=found.pk)
        account = _account(key, visit)
        here = spent.door.event_id == event.pk
        if here and (
            welcome := _before(spent.door, user, account, now, again=bool(spent.spent_at))
        ):
            return welcome
        if (code := _fault(spent, here=here, now=now)) is None:
            welcome = _let_in(log, spent, user or _new_person(account, name), now)
        else:
            entry = DoorEntry(event=event, task=spent.door.task if here else "", what=code)
            entry.name = user.spoken_name() if user is not None else name
            if list_refusal(entry, now):
                log.tell(HELPER, topics=("home",), object_id=0, key="helpers")
    if code is not None:
        raise DoorRefused("unknown" if code == What.FOREIGN else code)
    assert welcome is not None
    return welcome


def revoke(membership: Membership, *, by: User | None) -> bool:
    """Take a helper's tasks away now: open pages are closed within 2 s. False if they had none."""
    return _end(membership, What.REVOKED, by=by)


def sign_off(user: User) -> None:
    """A helper without an account goes: nobody could come back as this person."""
    if not user.came_by_a_door:
        return
    helping = Membership.objects.active().filter(user=user, role=Role.HELPER)
    for membership in helping.order_by("event_id"):
        _end(membership, What.LEFT, by=None)


def forget(event: Event) -> None:
    """Delete the people who were helpers of `event` only, and its book. For the purge."""
    with changing(event):
        DoorEntry.objects.filter(event=event).delete()
        Door.objects.filter(event=event).delete()
        people = User.objects.filter(username__startswith=HELPER_ACCOUNT, membership__event=event)
        elsewhere = Membership.objects.exclude(event=event).values("user_id")
        for person in people.exclude(pk__in=elsewhere):
            person.delete()


# --- words for pages


def helpers_of(event: Event) -> QuerySet[Membership]:
    """Who helps now, in the order they came."""
    active = Membership.objects.active().filter(event=event, role=Role.HELPER)
    return active.select_related("user").order_by("pk")


def tasks_of(membership: Membership) -> list[str]:
    """What this helper is here for, in words."""
    return [str(task.label) for task in Membership.Task if task.value in membership.tasks]


def has_more(user: User, event: Event) -> bool:
    """Whether a helper's task would add nothing: organizers and moderators may do all of it."""
    if user.is_superuser:
        return True
    roles = [Role.ORGANIZER, Role.MODERATOR]
    return Membership.objects.active().filter(user=user, event=event, role__in=roles).exists()


def clean_name(written: str) -> str:
    """`written` as it may stand in lists: on one line, readable, short. "" if nothing is left."""
    name = characters.normalise_name(written[:1000])
    limit = characters.MAX_NAME_GRAPHEMES
    while len(name) > MAX_NAME_CHARS:  # letters may be several characters each
        limit -= 1
        name = characters.cut(name, limit)
    return name


# --- inside the log


def _before(
    door: Door, user: User | None, account: str, now: datetime, *, again: bool
) -> Welcome | None:
    """Who has this very task already: nothing to add, so the key is not spent for it."""
    wanted = {"user": user} if user is not None else {"user__username": account}
    known = Membership.objects.active(now).filter(event_id=door.event_id, role=Role.HELPER)
    membership = known.filter(**wanted).select_related("user").first()
    if membership is None or door.task not in membership.tasks:
        return None
    if again or membership.until is None or membership.until >= door.until:
        return Welcome(membership.user, membership, is_new=False)
    return None


def _fault(key: DoorKey, *, here: bool, now: datetime) -> str | None:
    if not here:
        return What.FOREIGN
    if not key.door.is_open(now):
        return What.LATE
    return What.SPENT if key.spent_at is not None else None


def _let_in(log: Log, key: DoorKey, user: User, now: datetime) -> Welcome:
    door = key.door
    membership = Membership.objects.filter(user=user, event_id=door.event_id).first()
    if membership is None or (membership.until is not None and membership.until <= now):
        membership = membership or Membership(user=user, event_id=door.event_id)
        membership.role, membership.tasks, membership.until = Role.HELPER, [door.task], door.until
    else:
        tasks = {*membership.tasks, door.task}
        membership.tasks = [task.value for task in Membership.Task if task.value in tasks]
        if membership.until is not None:  # one hour for all tasks: the later one
            membership.until = max(membership.until, door.until)
    membership.save()
    change_key(door, now)
    _write(door, What.JOINED, name=user.spoken_name())
    _tell(log, door)
    return Welcome(user, membership, is_new=True)


def _new_person(account: str, name: str) -> User:
    user = User(username=account, first_name=name)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def _account(key: str, visit: str) -> str:
    digest = hashlib.sha256(f"{hash_key(key)} {visit or secrets.token_hex()}".encode())
    return HELPER_ACCOUNT + digest.hexdigest()[:32]


def _end(membership: Membership, what: str, *, by: User | None) -> bool:
    now = timezone.now()
    with changing(membership.event_id) as log:
        own = Membership.objects.active(now).filter(pk=membership.pk, role=Role.HELPER)
        if (fresh := own.select_related("user").first()) is None:
            return False
        fresh.until = now
        fresh.save(update_fields=["until"])
        task = fresh.tasks[0] if len(fresh.tasks) == 1 else ""
        DoorEntry.objects.create(
            event_id=fresh.event_id, task=task, what=what, name=fresh.user.spoken_name(), by=by
        )
        log.tell("access", topics=(f"user:{fresh.user_id}",), object_id=fresh.user_id)
        log.tell(HELPER, topics=("home",), object_id=fresh.pk, key="helpers")
    return True


def _write(door: Door, what: str, *, name: str = "", by: User | None = None) -> None:
    DoorEntry.objects.create(event_id=door.event_id, task=door.task, what=what, name=name, by=by)


def _tell(log: Log, door: Door) -> None:
    """The organizers' pages show another code, another helper, another line in the book."""
    log.tell(DOOR, topics=("doors", "home"), object_id=door.pk, key=door.task)
