"""The day of the demo event as data: its rooms, its programme, its words. Writes nothing."""

from dataclasses import dataclass

from agenda.models import Session

BREAK, TALK, PANEL, BARCAMP = (
    Session.Kind.BREAK,
    Session.Kind.TALK,
    Session.Kind.PANEL,
    Session.Kind.BARCAMP,
)
FOYER, SAAL, RAUM_2, RAUM_3, WERKSTATT = "Foyer", "Großer Saal", "Raum 2", "Raum 3", "Werkstatt"


@dataclass(frozen=True, slots=True)
class Row:
    """A session and its slot. `begins`: minutes after the doors open. `phase`: see demo_posts."""

    begins: int
    minutes: int
    room: str
    kind: Session.Kind
    title: str
    host: str = ""
    abstract: str = ""
    phase: str = ""


NAME = "Handfest Digital"
SLUG = "handfest"
CODE = "MACHEN"
HASHTAG = "HandfestDigital"
PLACE = "Alte Spinnerei"
PROMPT = "Was nimmst du mit? Was fehlt dir?"
CONTACT = "team@handfest.example"

ROOMS = ((SAAL, 300), (RAUM_2, 60), (RAUM_3, 40), (WERKSTATT, 25), (FOYER, 300))

PROGRAMME = (
    Row(0, 45, FOYER, BREAK, "Ankommen, Kaffee, Namensschild", phase="arrival"),
    Row(
        45, 10, SAAL, TALK, "Willkommen in der Alten Spinnerei",
        host="Mira Jahnke, Team Handfest",
        abstract="Was heute passiert, wo es Kaffee gibt und wie man auf die Wand kommt.",
    ),
    Row(
        55, 60, SAAL, PANEL, "Wer macht’s morgen? KI, Social Media und die Suche nach Leuten",
        host="Nele Sandow mit Ayla Demirok, Jörg Wittich, Irina Falkner und Bernd Ohle",
        abstract="Eine Bäckerin, ein Metallbauer, eine Professorin und ein Amtsleiter über das, "
        "was geholfen hat, und das, was sie wieder gelassen haben. Eure Fragen kommen von der "
        "Wand.",
        phase="panel",
    ),
    Row(115, 20, FOYER, BREAK, "Kaffeepause, Themen an die Tafel", phase="break"),
    Row(
        135, 45, SAAL, BARCAMP, "Social Media ohne Agentur: was wirklich Bewerbungen bringt",
        host="Jule Marten",
        abstract="Drei Betriebe zeigen ihre besten und ihre peinlichsten Beiträge.",
        phase="barcamp",
    ),
    Row(
        135, 45, RAUM_2, BARCAMP, "Azubis finden, Azubis halten",
        host="Sabine Opitz und Lina aus der Bäckerei",
        abstract="Die ersten zehn Tage, erzählt von denen, die sie gerade hinter sich haben.",
    ),
    Row(
        135, 45, RAUM_3, BARCAMP, "KI im Büro: drei Dinge, die wir wieder abgeschafft haben",
        host="Fatma Özkan",
        abstract="Ein ehrlicher Bericht, mit Rechnung.",
    ),
    Row(
        135, 45, WERKSTATT, BARCAMP, "Ein Sensor für die alte Drehbank",
        host="Ulf Seidler und Dimitri Lange",
        abstract="Acht Euro, eine Stunde, Baujahr 1974. Anfassen erlaubt.",
    ),
    Row(180, 15, FOYER, BREAK, "Raumwechsel und frische Luft", phase="break"),
    Row(
        195, 45, SAAL, BARCAMP, "Formulare, die niemand hasst: Frag das Rathaus",
        host="Petra Kienast",
        abstract="Wir bringen ein echtes Formular mit und kürzen es gemeinsam.",
        phase="barcamp",
    ),
    Row(
        195, 45, RAUM_2, BARCAMP, "Übergabe: Wenn die Chefin in drei Jahren geht",
        host="Wanda Grohmann",
        abstract="Wann anfangen, wen fragen, was loslassen?",
    ),
    Row(
        195, 45, RAUM_3, BARCAMP, "Datenschutz ohne Angst",
        host="Vera Stolle",
        abstract="Was ihr dürft. Es ist mehr, als ihr denkt.",
    ),
    Row(
        195, 45, WERKSTATT, BARCAMP, "Roboterarm für kleine Betriebe",
        host="Jonas Tiede",
        abstract="Erdbeeren greift er schon. Heute üben wir Brötchen.",
    ),
    Row(240, 60, FOYER, BREAK, "Suppe, Brot, Gespräche", phase="break"),
    Row(
        300, 45, SAAL, TALK, "Gut? Kniffelig? Gelernt? Was tun wir?",
        host="Mira Jahnke und Nele Sandow",
        abstract="Vier Fragen, eine Stunde ohne Folien, und am Abend der Bericht dazu.",
        phase="closing",
    ),
    Row(345, 30, FOYER, BREAK, "Ausklang am Tresen"),
)  # fmt: skip
MINUTES = max(row.begins + row.minutes for row in PROGRAMME)
PANEL_ENDS = next(row.begins + row.minutes for row in PROGRAMME if row.kind == PANEL)

IMPRINT = """\
Dies ist eine Vorführung. Diese Veranstaltung gibt es nicht; alle Namen, Orte und Adressen sind erfunden.

Angaben gemäß § 5 DDG
Handfest e. V. (Beispiel)
Beispielweg 1
00000 Musterstadt

Vertreten durch: Mira Jahnke (Beispiel)
E-Mail: team@handfest.example

Verantwortlich im Sinne des § 18 Abs. 2 MStV: Mira Jahnke, Anschrift wie oben.

Wer Eventhub selbst betreibt, trägt hier die eigenen Angaben ein."""  # noqa: E501

PRIVACY = """\
Dies ist eine Vorführung. Verantwortlich ist, wer diesen Rechner betreibt; die folgenden Angaben sind ein Beispiel.

Was gespeichert wird
Wenn du mitschreibst: dein Text, der Spitzname, den du wählst, und die Uhrzeit. Ein Cookie merkt sich, welche Beiträge deine sind. Ein Konto brauchst du nicht. Es gibt keine Statistik über dich und keine Verbindung zu fremden Servern.

Wer es sieht
Was auf der Wand steht, sehen alle im Saal und alle, die diese Seite öffnen. Das Team kann Beiträge ausblenden.

Öffentliche Beiträge anderer
Beiträge mit dem Hashtag, die jemand anderswo öffentlich geschrieben hat, zeigen wir mit Namen und Herkunft. Wer das nicht möchte, schreibt an team@handfest.example; dann verschwindet der Beitrag.

Wie lange
30 Tage nach dem Ende wird alles gelöscht.

Deine Rechte
Auskunft, Berichtigung, Löschung, Widerspruch und Beschwerde bei der Aufsichtsbehörde. Eine Nachricht an team@handfest.example genügt."""  # noqa: E501
