"""What readers say to the person who handed in a file, in their language. Needs no Django.

Readers run in a child process (`agenda.exchange.reading`), where nothing of the installation is
loaded: `from agenda.exchange.words import gettext as _`. The child has called `speak` before.
"""

from gettext import NullTranslations, translation
from pathlib import Path

FOLDERS = {"de": "de", "de-formal": "de_Formal"}  # every other language: the msgids themselves
LOCALE = Path(__file__).resolve().parent.parent.parent / "eventhub" / "locale"

_spoken: list[NullTranslations] = [NullTranslations()]


def speak(language: str) -> None:
    """From here on texts are in `language` ("de", "en"); only in a process of its own."""
    folder = FOLDERS.get(language.lower())
    _spoken[0] = (
        translation("django", LOCALE, [folder], fallback=True) if folder else NullTranslations()
    )


def gettext(msgid: str) -> str:
    return _spoken[0].gettext(msgid)
