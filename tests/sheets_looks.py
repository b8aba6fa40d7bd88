"""What the screens of two events have to say: one as most are, one as odd as it may be. Data."""

from dataclasses import dataclass

GIANT = "Donaudampfschifffahrtsgesellschaftskapitänsanwärterprüfungsausschussvorsitzender"
RTL = "مرحبا بكم في المؤتمر السنوي للتعليم المفتوح والبيانات"
EMOJI = "🎉👩\u200d💻🏳️\u200d🌈👨\u200d👩\u200d👧\u200d👦 Los geht's"
MARKUP = '<img src=x onerror="window.hurt=1"> & <script>window.hurt=1</script> im Netz'
LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitän und die Digitalisierung der "
    "Betriebsrentenzusatzversicherung im Handwerk 2030, mit einem Ausblick auf alles Übrige"
)
ZALGO = "W̷̛͎e̴͚̔r̶͈̽ ̵̥͝b̷͉̈́i̴̯͝s̸̱̀t̵̮̚ ̶̝͛d̴̹̈́u̷͎̚?"


@dataclass(frozen=True)
class Look:
    """`wifi`: name, password. `posts`: network, name, handle, text, the newest first."""

    slug: str
    name: str
    hashtag: str
    place: str
    prompt: str
    wifi: tuple[str, str]
    rooms: tuple[str, ...]
    ways: tuple[str, ...]
    titles: tuple[str, ...]
    speakers: tuple[tuple[str, str], ...]
    lunch: str
    welcome: str
    good_night: str
    next_stop: str
    notice: str
    posts: tuple[tuple[str, str, str, str], ...]
    placards: tuple[tuple[str, bool, tuple[int, int]], ...]
    language: str = "de"


PLAIN = Look(
    slug="plain",
    name="Mittelstand digital",
    hashtag="smartKMU",
    place="Börse Dresden",
    prompt="Was nimmst du mit?",
    wifi=("Boerse-Gast", "dialog-2026"),
    rooms=("Großer Saal", "Raum 2", "Raum 3", "Werkstatt"),
    ways=("Erdgeschoss", "Treppe hoch", "Treppe hoch, links", "Hof"),
    titles=(
        "Wie Social Media unsere Geschäfte verändert",
        "Recht im Netz: was darf die Fotowand?",
        "Open Data auch für Kammern",
        "Podcast in einer Stunde",
        "Was kostet ein guter Webshop?",
        "Lernen ohne Lehrbuch",
        "Dritte Orte in der Kleinstadt",
        "Barrierefrei von Anfang an",
    ),
    speakers=(
        ("Karin Probst", "Wirtschaftsförderung"),
        ("Olaf Muster", "Handwerk"),
        ("Ece Beispiel", "Beratung"),
    ),
    lunch="Mittagessen",
    welcome="Schön, dass du da bist",
    good_night="Danke, und gute Heimfahrt",
    next_stop="Leipzig, 14. Mai",
    notice="Der Bus zum Bahnhof fährt heute schon um 17:40, vor dem Haupteingang.",
    posts=(
        (
            "note",
            "Aylin K.",
            "",
            "Die Frage vom Podium nehme ich mit: Wollen wir den Dialog, oder nur senden?",
        ),
        (
            "mastodon",
            "Jonas B.",
            "@jonas@social.example",
            "Offene Daten der Kammer: Ausbildung, Lärm, Heizungen. Wer macht um 11 Uhr die "
            "Session dazu mit?",
        ),
        (
            "bluesky",
            "Mira T.",
            "@mira.example",
            "Volles Haus in der alten Börse. Guten Morgen, Dresden!",
        ),
        ("note", "Tom", "", "Wer fährt heute Abend nach Chemnitz und hat noch zwei Plätze frei?"),
        ("mastodon", "Lea", "@lea@chaos.example", "Der Kaffee in der Werkstatt ist der bessere."),
    ),
    placards=(
        ("Sparkasse Musterstadt", True, (900, 300)),
        ("Kammer", True, (500, 500)),
        ("Stadtwerke", True, (800, 420)),
        ("Verlag am Fluss", True, (600, 700)),
        ("Das Gruppenbild von gestern", False, (1600, 1000)),
    ),
)

HOSTILE = Look(
    slug="hostile",
    name=f"Jahreskongress {GIANT} und Freunde der offenen Daten in Mitteldeutschland",
    hashtag="SuperlangerHashtagFuerDieLangeNachtDerWissenschaft2026Dresden",
    place="Internationales Kongresszentrum am Hafenbecken, Eingang Nord, zweites Obergeschoss",
    prompt="Welche eine Sache würdest du morgen anders machen, wenn dich niemand fragte?",
    wifi=('Gäste; "Nord": \\Halle, 3', 'a;b:c,d\\e"f ' + "x" * 40),
    rooms=(
        "Generalversammlungshochhausdachterrasse",
        "Saal Friedrich-Wilhelm-Raiffeisen-Genossenschaft",
        "قاعة المؤتمرات الكبرى",
        *(f"Raum {n}" for n in range(4, 12)),
        "Werkstatt 🔧 im Hof",
    ),
    ways=(
        "Durch die Unterführung, dann zweimal links und die Treppe hoch in das dritte Geschoss",
        "",
        "EG",
    ),
    titles=(LONG, RTL, EMOJI, MARKUP, "Kurz", GIANT, ZALGO, "Was bleibt?", LONG[::-1][:60]),
    speakers=(
        (f"Dr. {GIANT}", "Ministerium für Digitalisierung, Landesentwicklung und Verkehr"),
        ("عائشة بنت محمد", "جامعة"),
        ("Maximiliane Freifrau von und zu Musterstein-Beispielshausen", ""),
        ("Ece", "Beratung"),
    ),
    lunch="Mittagessen mit allen, die schon gegessen haben, und allen anderen auch",
    welcome="Herzlich willkommen zum siebenunddreißigsten Jahreskongress, schön, dass ihr da seid!",
    good_night="Danke für zwei Tage voller Streit, Ideen und Kuchen, kommt gut nach Hause, alle!",
    next_stop="Hermannstadt/Sibiu, 14. bis 17. Oktober 2027, im Haus der Ungarischen Reformierten",
    notice=(
        f"Achtung: {GIANT} bittet alle Gäste aus dem großen Saal, der Galerie und dem Foyer, das "
        "Haus ruhig durch den Ausgang Süd zu verlassen. Der Strom wird um 17:40 abgestellt. Die "
        "Garderobe bleibt offen. Bitte helft einander, nehmt nichts mit und wartet auf dem Hof. ⚠️"
    )[:280],
    posts=(
        ("mastodon", "x" * 90, "@" + "y" * 70 + "@social.example", (LONG + " " + RTL + " ") * 3),
        ("bluesky", RTL, "@rtl.example", RTL + " #ForumNord 🎉"),
        ("note", "👩\u200d💻🎉", "", MARKUP + "\n\n\n\nund\nviele\nZeilen"),
        ("note", "", "", GIANT * 2),
        ("mastodon", "Zoë", "@zoe@example.org", ZALGO + " " + EMOJI),
    ),
    placards=(
        *((f"Sponsor {n} {GIANT}", True, size) for n, size in enumerate([(1600, 90), (90, 1600)])),
        *((f"Sponsor {n}", True, (400 + 60 * n, 300)) for n in range(9)),
        (f"Das Bild mit dem {GIANT} und noch viel mehr Worten darunter", False, (400, 1600)),
    ),
)
