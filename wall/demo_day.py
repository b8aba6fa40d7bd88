"""The day of the demo event as data: its rooms, threads and programme. Writes nothing."""

from dataclasses import dataclass

from agenda.models import Session

BREAK, TALK, PANEL, WORKSHOP, BARCAMP = (
    Session.Kind.BREAK,
    Session.Kind.TALK,
    Session.Kind.PANEL,
    Session.Kind.WORKSHOP,
    Session.Kind.BARCAMP,
)
FOYER, SAAL, RAUM_2, RAUM_3, WERKSTATT = "Foyer", "Großer Saal", "Raum 2", "Raum 3", "Werkstatt"
HOF = "Hof"
LEUTE, WERKZEUG, AMT = "Leute finden, Leute halten", "Werkzeug und KI", "Recht und Rathaus"


@dataclass(frozen=True, slots=True)
class Row:
    """A session and its slot. `begins`: minutes after the doors open. `phase`: see demo_posts.

    `was_room`: where it was announced before it was moved to `room`, an hour before the doors open.
    """

    begins: int
    minutes: int
    room: str
    kind: Session.Kind
    title: str
    abstract: str = ""
    speakers: tuple[str, ...] = ()  # in demo_people
    host: str = ""  # who has no row of their own
    track: str = ""
    subtitle: str = ""
    description: str = ""
    language: str = "de"
    hashtag: str = ""
    links: tuple[tuple[str, str], ...] = ()
    phase: str = ""
    was_room: str = ""
    cancelled: bool = False


NAME = "Handfest Digital"
SLUG = "handfest"
CODE = "MACHEN"
HASHTAG = "HandfestDigital"
PLACE = "Alte Spinnerei"
PROMPT = "Was nimmst du mit? Was fehlt dir?"
CONTACT = "team@handfest.example"

ROOMS = (  # name, seats, where
    (SAAL, 300, "Erdgeschoss, durch das Foyer geradeaus"),
    (RAUM_2, 60, "Erster Stock, vom Aufzug rechts"),
    (RAUM_3, 40, "Erster Stock, vom Aufzug links, am Ende des Gangs"),
    (WERKSTATT, 25, "Über den Hof, das Tor mit der grünen Lampe"),
    (FOYER, 300, "Gleich hinter dem Eingang"),
    (HOF, None, "Durch die Tür neben der Garderobe"),
)
TRACKS = ((LEUTE, "#00594a"), (WERKZEUG, "#23427c"), (AMT, "#6a2c70"))

PROGRAMME = (
    Row(
        0, 45, FOYER, BREAK, "Ankommen, Kaffee, Namensschild",
        "Namensschilder liegen nach Vornamen. Wer keines findet, malt eines.",
        phase="arrival",
    ),
    Row(
        45, 10, SAAL, TALK, "Willkommen in der Alten Spinnerei",
        "Was heute passiert, wo es Kaffee gibt und wie man auf die Wand kommt.",
        speakers=("Mira Jahnke",), host="Team Handfest",
    ),
    Row(
        55, 60, SAAL, PANEL, "Wer macht’s morgen? KI, Social Media und die Suche nach Leuten",
        "Eine Bäckerin, ein Metallbauer, eine Professorin und ein Amtsleiter über das, was "
        "geholfen hat, und das, was sie wieder gelassen haben. Eure Fragen kommen von der Wand.",
        speakers=("Nele Sandow", "Ayla Demirok", "Jörg Wittich", "Irina Falkner", "Bernd Ohle"),
        track=LEUTE,
        description="Vier Leute, die eingestellt, ausgebildet, gezählt und geforscht haben, und "
        "eine Frage: Warum bleibt die Stelle leer, obwohl so viele etwas können?\n\n"
        "Erst erzählt jede und jeder in drei Minuten von einem Versuch, der schiefging. Dann geht "
        "es um Backstuben am Nachmittag, um Abschlüsse aus anderen Ländern und um 214 Formulare. "
        "Die letzten zwanzig Minuten gehören euren Fragen.",
        links=(("Alle Zahlen vom Podium, mit Quelle", "https://handfest.example/zahlen"),),
        phase="panel",
    ),
    Row(
        115, 20, FOYER, BREAK, "Kaffeepause, Themen an die Tafel",
        "Wer ein Thema hat, schreibt es auf eine Karte und hängt sie an die Tafel am Fenster.",
        phase="break",
    ),
    Row(
        135, 45, SAAL, BARCAMP, "Social Media ohne Agentur: was wirklich Bewerbungen bringt",
        "Drei Betriebe zeigen ihre besten und ihre peinlichsten Beiträge.",
        host="Jule Marten", track=LEUTE, was_room=FOYER,
        description="Jule filmt seit zwei Jahren für die Gärtnerei, in der sie lernt. Bringt ein "
        "Video mit, das nicht funktioniert hat: Wir schauen es an und finden heraus, warum.",
        links=(("Mitschrift zum Mitschreiben", "https://handfest.example/notizen"),),
        phase="barcamp",
    ),
    Row(
        135, 45, RAUM_2, BARCAMP, "Azubis finden, Azubis halten",
        "Die ersten zehn Tage, erzählt von denen, die sie gerade hinter sich haben.",
        host="Sabine Opitz und Lina aus der Bäckerei", track=LEUTE,
    ),
    Row(
        135, 45, RAUM_3, BARCAMP, "KI im Büro: drei Dinge, die wir wieder abgeschafft haben",
        "Ein ehrlicher Bericht, mit Rechnung.",
        speakers=("Fatma Özkan",), track=WERKZEUG,
        description="Der Assistent für die Post, das Protokoll von selbst und der nette Chat auf "
        "der Seite: was sie gekostet haben, was sie gebracht haben, und woran wir gemerkt haben, "
        "dass es reicht. Am Ende bleibt eines übrig, das wir nicht mehr hergeben.",
    ),
    Row(
        135, 45, WERKSTATT, BARCAMP, "Ein Sensor für die alte Drehbank",
        "Acht Euro, eine Stunde, Baujahr 1974. Anfassen erlaubt.",
        speakers=("Ulf Seidler", "Dimitri Lange"), track=WERKZEUG,
        subtitle="Oder: Was die Maschine schon immer sagen wollte",
        description="Wir schrauben einen Sensor an eine Drehbank, die älter ist als die meisten im "
        "Raum, und sehen auf dem Telefon, wann sie läuft, wann sie wartet und wann ihr warm wird. "
        "Vorkenntnisse: keine. Lange Haare bitte zusammenbinden.",
        links=(("Anleitung und Stückliste", "https://code.example/drehbank"),),
        hashtag="DrehbankFunkt",
    ),
    Row(
        135, 45, HOF, WORKSHOP, "Lastenrad statt Transporter: Probefahrt",
        "Drei Räder, eine Runde am Mühlgraben. Bei Gewitter fällt sie aus.",
        host="Radwerkstatt Mühlgraben", cancelled=True,
    ),
    Row(
        180, 15, FOYER, BREAK, "Raumwechsel und frische Luft",
        "Die Tür zum Hof ist offen.", phase="break",
    ),
    Row(
        195, 45, SAAL, BARCAMP, "Formulare, die niemand hasst: Frag das Rathaus",
        "Wir bringen ein echtes Formular mit und kürzen es gemeinsam.",
        speakers=("Petra Kienast",), track=AMT,
        description="38 Fragen stehen drauf. Ihr habt dicke Stifte und dürft streichen. Was übrig "
        "bleibt, geht am nächsten Morgen in die Verwaltung.",
        phase="barcamp",
    ),
    Row(
        195, 45, RAUM_2, BARCAMP, "Übergabe: Wenn die Chefin in drei Jahren geht",
        "Wann anfangen, wen fragen, was loslassen?",
        speakers=("Wanda Grohmann",), track=LEUTE,
    ),
    Row(
        195, 45, RAUM_3, BARCAMP, "Datenschutz ohne Angst",
        "Was ihr dürft. Es ist mehr, als ihr denkt.",
        speakers=("Vera Stolle",), track=AMT,
        links=(("Eine Seite, die reicht: das Muster", "https://stolle.example/muster"),),
    ),
    Row(
        195, 45, WERKSTATT, BARCAMP, "Roboterarm für kleine Betriebe",
        "Erdbeeren greift er schon. Heute üben wir Brötchen.",
        speakers=("Jonas Tiede",), track=WERKZEUG,
    ),
    Row(
        195, 45, HOF, WORKSHOP, "Hiring across the border, and what nobody tells you",
        "Two countries, one workshop, eleven forms. What we would do differently, in English.",
        speakers=("Pieter Hoekstra",), track=LEUTE, language="en",
    ),
    Row(
        240, 60, FOYER, BREAK, "Suppe, Brot, Gespräche",
        "Drei Suppen, zwei davon ohne Fleisch. Die Brezeln mit Kürbiskernen hat Lina gemacht.",
        phase="break",
    ),
    # From 300 to 345 the third round of the barcamp: see demo_barcamp.
    Row(
        360, 45, SAAL, TALK, "Gut? Kniffelig? Gelernt? Was tun wir?",
        "Vier Fragen, eine Stunde ohne Folien, und am Abend der Bericht dazu.",
        speakers=("Mira Jahnke", "Nele Sandow"), phase="closing",
    ),
    Row(405, 30, FOYER, BREAK, "Ausklang am Tresen"),
)  # fmt: skip
MINUTES = max(row.begins + row.minutes for row in PROGRAMME)
PANEL_ENDS = next(row.begins + row.minutes for row in PROGRAMME if row.kind == PANEL)
