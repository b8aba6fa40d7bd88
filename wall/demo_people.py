"""The speakers of the demo event as data; all of them are invented. Writes nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on stage, as the programme introduces them."""

    name: str
    organisation: str
    bio: str
    link: str = ""


SPEAKERS = (
    Person(
        "Mira Jahnke",
        "Team Handfest",
        "Hat Handfest Digital vor fünf Jahren mit drei Stühlen und einer geliehenen Leinwand "
        "angefangen. Hauptberuflich berät sie Betriebe, die mit Papier abschließen wollen und "
        "nicht wissen, mit welchem zuerst.",
        "https://handfest.example/team",
    ),
    Person(
        "Nele Sandow",
        "freie Journalistin",
        "Moderiert seit zwölf Jahren Gespräche, bei denen am Ende alle länger bleiben als geplant. "
        "Ihre Regel: Wer Fachwörter benutzt, erklärt sie.",
    ),
    Person(
        "Ayla Demirok",
        "Bäckerei Demirok",
        "Bäckermeisterin in dritter Generation, 23 Leute, zwei Filialen. Sie hat das Backen auf "
        "den Nachmittag verlegt und seitdem wieder Auszubildende.",
        "https://baeckerei-demirok.example",
    ),
    Person(
        "Jörg Wittich",
        "Wittich Metallbau",
        "Schlosser, Meister, seit 2009 Inhaber. Stoppt gern die Zeit: Von ihm stammt die Rechnung "
        "mit den drei Minuten je Lieferschein.",
    ),
    Person(
        "Irina Falkner",
        "Hochschule Unterheide",
        "Professorin für Arbeitssoziologie. Forscht dazu, wie Betriebe Können erkennen, das auf "
        "keinem Zeugnis steht, und was sie verpassen, wenn sie es nicht tun.",
        "https://hochschule.example/falkner",
    ),
    Person(
        "Bernd Ohle",
        "Stadtverwaltung",
        "Leitet das Amt für Wirtschaft und hat als Erster alle Formulare der Stadt gezählt. Es "
        "sind 214. Er arbeitet daran.",
        "https://daten.rathaus.example",
    ),
    Person(
        "Fatma Özkan",
        "Özkan Hausverwaltung",
        "Führt ein Büro mit neun Leuten und 1.400 Wohnungen. Probiert jedes Werkzeug einen Monat "
        "lang aus und schreibt danach auf, was es wirklich gekostet hat.",
    ),
    Person(
        "Ulf Seidler",
        "Drehteile Seidler",
        "Dreht seit 41 Jahren, zuletzt an der Maschine, an der er gelernt hat. Im Ruhestand, "
        "dienstags trotzdem da.",
    ),
    Person(
        "Dimitri Lange",
        "Offene Werkstatt",
        "Elektroniker. Baut aus Teilen für acht Euro Dinge, die andere für achthundert verkaufen, "
        "und legt die Anleitung dazu.",
        "https://code.example/drehbank",
    ),
    Person(
        "Petra Kienast",
        "Bürgerbüro",
        "Sitzt seit 18 Jahren auf der anderen Seite des Schalters und weiß, an welcher Stelle die "
        "Leute den Stift weglegen.",
    ),
    Person(
        "Wanda Grohmann",
        "Grohmann & Tochter",
        "Hat die Übergabe der eigenen Tischlerei hinter sich: zweimal verschoben, einmal "
        "gestritten, heute gemeinsam in den Urlaub gefahren.",
    ),
    Person(
        "Vera Stolle",
        "Datenschutz im Handwerk",
        "Juristin, die Sätze mit höchstens fünfzehn Wörtern schreibt. Hat in zehn Jahren noch "
        "keinen Betrieb verloren, aber viele Ordner.",
        "https://stolle.example",
    ),
    Person(
        "Jonas Tiede",
        "Hochschule Unterheide",
        "Studiert Robotik im siebten Semester. Sein Arm kostet so viel wie ein gebrauchtes "
        "Fahrrad und greift Erdbeeren, ohne dass man es ihnen ansieht.",
    ),
    Person(
        "Pieter Hoekstra",
        "Hoekstra Fietsen, Zwolle",
        "Builds bicycles on one side of the border and hires on both. Speaks four languages and "
        "apologises in all of them for his German.",
    ),
)
