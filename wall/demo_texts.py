"""What the demo event says beside its programme: ways, help, law. All of it is invented."""
# ruff: noqa: E501

WIFI_NAME = "Spinnerei"
WIFI_PASSWORD = "faden-und-garn"

DIRECTIONS = """\
Alte Spinnerei, Am Mühlgraben 12, Tor 2.

Mit Bus und Bahn: Linie 4 bis „Spinnerei“, dann zwei Minuten am Wasser entlang. Er fährt alle zwanzig Minuten.

Mit dem Rad: Ständer gleich hinter Tor 2, die Werkstatt leiht Pumpe und Flickzeug.

Mit dem Auto: Parkhaus Mühlgraben, 300 Meter. Am Hoftor zwei Ladesäulen, elf Kilowatt.

Ohne Stufen: Tor 2 ist ebenerdig, der Aufzug steht links hinter der Garderobe. Alle Räume sind mit Rollstuhl erreichbar, die Empore nicht."""

FIRST_AID = """\
Im Notfall zuerst: 112. Die Adresse ist Am Mühlgraben 12, Tor 2.

Erste Hilfe: am Empfang im Foyer, jederzeit besetzt. Der Defibrillator hängt rechts neben der Garderobe.

Sammelplatz, wenn es klingelt: die Wiese vor Tor 1."""

INFO = """\
Garderobe und Gepäck: im Foyer, bis zum Ausklang. Fundsachen auch.

Essen: drei Suppen, zwei davon ohne Fleisch, eine davon ohne Milch. Wasser steht in jedem Raum.

Ruhe: Der Raum hinter der Empore bleibt den ganzen Tag leise. Bitte ohne Telefon.

Kinder: Spielecke im Foyer, immer betreut.

Fotos: Bitte fragt, bevor ihr Leute fotografiert. Wer einen roten Punkt auf dem Namensschild hat, möchte nicht aufs Bild."""

IMPRINT = """\
Dies ist eine Vorführung. Diese Veranstaltung gibt es nicht; alle Namen, Orte und Adressen sind erfunden.

Angaben gemäß § 5 DDG
Handfest e. V. (Beispiel)
Beispielweg 1
00000 Musterstadt

Vertreten durch: Mira Jahnke (Beispiel)
E-Mail: team@handfest.example

Verantwortlich im Sinne des § 18 Abs. 2 MStV: Mira Jahnke, Anschrift wie oben.

Wer Eventhub selbst betreibt, trägt hier die eigenen Angaben ein."""

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
Auskunft, Berichtigung, Löschung, Widerspruch und Beschwerde bei der Aufsichtsbehörde. Eine Nachricht an team@handfest.example genügt."""
