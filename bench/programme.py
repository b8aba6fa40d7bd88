"""Give the benchmark's event a day with eight rooms, in a process before the server."""

from datetime import timedelta

from bench import event as empty

ROOMS, SLOTS = 8, 64


def make() -> None:
    empty.make()

    from agenda.models import Appearance, Event, Room, Session, Slot, Speaker, Track
    from eventhub.live.log import changing

    event = Event.objects.get(slug=empty.SLUG)
    rooms = [Room.objects.create(event=event, name=f"Room {n}", position=n) for n in range(ROOMS)]
    tracks = [Track.objects.create(event=event, name=f"Track {n}") for n in range(3)]
    with changing(event) as log:
        for number in range(SLOTS):
            title, track = f"Session {number}", tracks[number % 3]
            session = Session.objects.create(event=event, title=title, track=track)
            speaker = Speaker.objects.create(event=event, name=f"Speaker {number}")
            Appearance.objects.create(session=session, speaker=speaker)
            starts_at = event.starts_at + timedelta(hours=number // ROOMS)
            log.add(
                Slot(
                    event=event, session=session, room=rooms[number % ROOMS],
                    starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
                )
            )  # fmt: skip


if __name__ == "__main__":
    make()
