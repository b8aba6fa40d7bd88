"""Let posts arrive at a running desk: `python -m tests.browser.desk_queue forum-nord --waiting 30`.

`--attack 500` posts that say the same, half of them on the wall, and `--genuine 20` among them.
What still waits there, of a test that has failed, is taken away first.
"""

import argparse
import secrets

import django

SPAM = "Jetzt gratis Guthaben sichern, nur heute, nur für kurze Zeit"
SUBJECTS = [
    "Wärmepumpe", "Bücherei", "Lastenrad", "Werkstatt", "Kantine", "Schulhof", "Hofladen",
    "Mitfahrbank", "Ladesäule", "Nachtbus", "Ausbildung", "Handwerk", "Pflege", "Vereinsheim",
    "Rathaus", "Spielplatz", "Glasfaser", "Solardach", "Feuerwehr", "Chor", "Wochenmarkt",
    "Freibad", "Radweg", "Kita", "Bahnhof", "Museum", "Bauhof", "Tierheim", "Theater", "Kiosk",
]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slug")
    parser.add_argument("--waiting", type=int, default=0)
    parser.add_argument("--attack", type=int, default=0)
    parser.add_argument("--genuine", type=int, default=0)
    options = parser.parse_args()
    django.setup()
    from django.utils import timezone

    from agenda.models import Event
    from eventhub.live.log import changing
    from wall.likeness import fingerprint
    from wall.models import Author, Post

    event = Event.objects.get(slug=options.slug)
    now, batch = timezone.now(), secrets.token_hex(4)

    def author(name: str, host: str) -> Author:
        identity = f"@{name}@{host}"
        known = {"network": "mastodon", "handle": identity, "host": host, "name": name}
        return Author.objects.get_or_create(event=event, identity=identity, defaults=known)[0]

    def post(number: int, text: str, by: Author, state: str) -> Post:
        return Post(
            event=event,
            origin=f"https://{by.host}/{batch}/{number}",
            network="mastodon",
            author=by,
            author_name=by.name,
            author_handle=by.handle,
            text=text,
            likeness=fingerprint(text),
            written_at=now,
            state=state,
        )

    def genuine(number: int) -> str:
        subject = SUBJECTS[number % len(SUBJECTS)]
        return f"{subject}: was bei uns geholfen hat, war Nummer {number} der {subject}-Gruppe"

    guest, hall = author("Gast", "stadt.example"), author("Saal", "halle.example")
    bots = [author(f"bot{number}", "flut.example") for number in range(10)]
    rows = [post(number, genuine(number), guest, "pending") for number in range(options.waiting)]
    every = options.attack // max(options.genuine, 1) or 1
    for number in range(options.attack):
        state = "shown" if number % 2 else "pending"
        text = f"{SPAM} https://flut.example/{number}"
        rows.append(post(number, text, bots[number % len(bots)], state))
        if number % every == 0 and number // every < options.genuine:
            kind = "shown" if number // every % 2 else "pending"
            rows.append(post(1000 + number, genuine(number // every), hall, kind))
    with changing(event) as log:
        for left in Post.objects.filter(event=event, state="pending"):
            left = log.fresh(left)
            left.state = "hidden"
            log.touch(left)
    for start in range(0, len(rows), 50):
        with changing(event) as log:
            log.add_all(rows[start : start + 50])


if __name__ == "__main__":
    main()
