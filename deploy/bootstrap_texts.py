"""What bootstrap.py says, in German and in English. Decides nothing, and knows no files."""

import os
import sys

TEXTS = {
    # progress
    "preparing": (
        "Richte die Umgebung in .venv ein (einmalig, meist weniger als eine Minute) …",
        "Preparing the environment in .venv (once, usually less than a minute) …",
    ),
    "waiting": (
        "Ein anderer Start richtet die Umgebung gerade ein, ich warte …",
        "Another start is preparing the environment, waiting …",
    ),
    "installer": (
        "  Hole uv, das die Pakete installiert …",
        "  Fetching uv, which installs the packages …",
    ),
    "packages": ("  Installiere die Pakete …", "  Installing the packages …"),
    "with_pip": (
        "  … mit pip, das dauert ein paar Minuten …",
        "  … with pip, which takes a few minutes …",
    ),
    "ready": ("Die Umgebung ist bereit.", "The environment is ready."),
    "apt": (
        "Installiere Chromium für die Tests (apt) …",
        "Installing Chromium for the tests (apt) …",
    ),
    "interrupted": (
        "Abgebrochen. Der nächste Start macht es fertig.",
        "Stopped. The next start completes it.",
    ),
    # refusals: one sentence each, with the remedy
    "usage": (
        "Aufruf: bootstrap.py run | install [--dev] | browser",
        "Usage: bootstrap.py run | install [--dev] | browser",
    ),
    "too_old": (
        "Gebraucht wird Python 3.11 oder neuer, hier läuft %s: Bitte installiere ein neueres "
        "Python, unter Debian und Ubuntu mit „sudo apt install python3 python3-venv“, und starte "
        "noch einmal.",
        "Python 3.11 or newer is needed, this is %s: please install a newer Python, on Debian and "
        "Ubuntu with “sudo apt install python3 python3-venv”, and start again.",
    ),
    "no_venv": (
        "Diesem Python fehlt das Modul venv: Bitte führe einmal „sudo apt install python%d.%d-venv“ "
        "aus (oder installiere das entsprechende Paket deines Systems) und starte noch einmal.",
        "This Python lacks the module venv: please run “sudo apt install python%d.%d-venv” once "
        "(or install the corresponding package of your system) and start again.",
    ),
    "unwritable": (
        "In %s kann ich nicht schreiben (%s): Bitte gib dir dort Schreibrecht oder nimm ein anderes "
        "Verzeichnis, für die Daten mit make run DATA=…",
        "I cannot write to %s (%s): please give yourself permission or take another directory, "
        "for the data with make run DATA=…",
    ),
    "incomplete": (
        "%s ist nicht lesbar (%s): Bitte hole Eventhub noch einmal vollständig in dieses Verzeichnis.",
        "%s cannot be read (%s): please get a complete copy of Eventhub into this directory.",
    ),
    "in_the_way": (
        "%s ist keine Python-Umgebung und steht im Weg: Bitte benenne es um und starte noch einmal.",
        "%s is no Python environment and in the way: please rename it and start again.",
    ),
    "disk_full": (
        "Der Datenträger ist voll: Bitte schaffe etwa 1 GB Platz und starte noch einmal.",
        "The disk is full: please free about 1 GB and start again.",
    ),
    "no_network": (
        "Die Pakete sind nicht erreichbar: Bitte prüfe die Internetverbindung (nur für die "
        "Einrichtung nötig) und starte noch einmal.",
        "The packages cannot be reached: please check the internet connection (needed for the setup "
        "only) and start again.",
    ),
    "wrong_hash": (
        "Ein Paket hat nicht die erwartete Prüfsumme und wurde nicht installiert: Bitte versuche es "
        "in einem anderen Netz (Einzelheiten in .venv/bootstrap.log).",
        "A package does not have the expected checksum and was not installed: please try another "
        "network (details in .venv/bootstrap.log).",
    ),
    "failed": (
        "Die Einrichtung ist gescheitert: Die Ursache steht am Ende von .venv/bootstrap.log; ist sie "
        "behoben, starte noch einmal.",
        "The setup failed: the cause is at the end of .venv/bootstrap.log; once it is removed, "
        "start again.",
    ),
    "port": (
        "PORT=%s ist kein Port: Bitte nimm eine Zahl von 1 bis 65535, zum Beispiel make run PORT=8000",
        "PORT=%s is no port: please take a number from 1 to 65535, for example make run PORT=8000",
    ),
    "public_url": (
        "PUBLIC_URL=%s ist keine Adresse: Bitte nimm eine ohne Pfad, zum Beispiel "
        "make run PUBLIC_URL=https://hub.example",
        "PUBLIC_URL=%s is no address: please take one without a path, for example "
        "make run PUBLIC_URL=https://hub.example",
    ),
    "hashtag_and_server": (
        "HASHTAG und SERVER gehören zusammen, zum Beispiel "
        "make run HASHTAG=indieweb SERVER=mastodon.social",
        "HASHTAG and SERVER belong together, for example "
        "make run HASHTAG=indieweb SERVER=mastodon.social",
    ),
    "no_browser": (
        "Für die Tests fehlt Chromium: Bitte installiere es, unter Debian mit "
        "„sudo apt install chromium fonts-noto-core“, und starte noch einmal.",
        "The tests need Chromium: please install it, on Debian with "
        "“sudo apt install chromium fonts-noto-core”, and start again.",
    ),
}


class Refusal(Exception):
    """One sentence for the person at the terminal, by its name in TEXTS."""

    def __init__(self, name: str, *values: object) -> None:
        super().__init__(text(name) % values)


def text(name: str) -> str:
    """German, unless the terminal's language is English."""
    environ = os.environ
    language = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    german, english = TEXTS[name]
    return english if language.lower().startswith("en") else german


def say(line: str, *, error: bool = False) -> None:
    # Bytes: an old Python under LANG=C would stumble over the first umlaut.
    stream = sys.stderr if error else sys.stdout
    stream.flush()
    stream.buffer.write(line.encode() + b"\n")
    stream.flush()
