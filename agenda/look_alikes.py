"""Which letters look like which: one spelling for all that a tired eye takes for the same.

Pure. Written down by hand for the alphabets that are drawn like ours (after Unicode's UTS 39);
wide, bold and circled forms are Unicode's own business (NFKC).
"""

import re
import unicodedata
from functools import lru_cache

import regex

_CYRILLIC = {
    "а": "a",
    "ә": "e",
    "в": "b",
    "ԁ": "d",
    "е": "e",
    "є": "e",
    "ѕ": "s",
    "і": "i",
    "ј": "j",
    "к": "k",
    "ԛ": "q",
    "м": "m",
    "н": "h",
    "о": "o",
    "р": "p",
    "с": "c",
    "т": "t",
    "у": "y",
    "ү": "y",
    "һ": "h",
    "х": "x",
    "ԝ": "w",
    "ѡ": "w",
    "ь": "b",
    "ԍ": "g",
    "ӏ": "l",
    "п": "n",
    "г": "r",
    "з": "3",
    "ө": "o",
    "ѵ": "v",
}
_GREEK = {
    "α": "a",
    "β": "b",
    "γ": "y",
    "ε": "e",
    "ζ": "z",
    "η": "n",
    "ι": "i",
    "κ": "k",
    "μ": "u",
    "ν": "v",
    "ο": "o",
    "π": "n",
    "ρ": "p",
    "σ": "o",
    "ς": "c",
    "τ": "t",
    "υ": "u",
    "χ": "x",
    "ω": "w",
    "ϲ": "c",
    "ϳ": "j",
}
_ARMENIAN = {"օ": "o", "ս": "u", "ո": "n", "հ": "h", "զ": "q", "ց": "g", "ք": "p", "յ": "j"}
_LATIN = {
    "ı": "i",
    "ɩ": "i",
    "ɪ": "i",
    "ɑ": "a",
    "ᴀ": "a",
    "ʙ": "b",
    "ᴄ": "c",
    "ᴅ": "d",
    "ᴇ": "e",
    "ɡ": "g",
    "ɢ": "g",
    "ʜ": "h",
    "ᴊ": "j",
    "ᴋ": "k",
    "ʟ": "l",
    "ᴍ": "m",
    "ɴ": "n",
    "ᴏ": "o",
    "ᴘ": "p",
    "ʀ": "r",
    "ꜱ": "s",
    "ᴛ": "t",
    "ᴜ": "u",
    "ᴠ": "v",
    "ᴡ": "w",
    "ʏ": "y",
    "ᴢ": "z",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ħ": "h",
    "ŧ": "t",
    "ǀ": "l",
    "ɗ": "d",
    "ɓ": "b",
    "ƙ": "k",
    "ƒ": "f",
    "ʋ": "v",
    "ɛ": "e",
    "ɔ": "c",
}
_PLAIN = re.compile("[\x00-\x7fäöüÄÖÜß]*")  # where only large and small tell apart
_ON_TOP = regex.compile(r"[\p{Mn}\p{Me}\p{Cf}]+")
_LETTERS = str.maketrans(_CYRILLIC | _GREEK | _ARMENIAN | _LATIN)
# In a name, which is short and read at a glance, these are the same as well.
_AT_A_GLANCE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "3": "e"})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def letters(text: str) -> str:
    """`text` in small letters of one alphabet, where they look alike. Umlauts stay what they are;
    marks that are put on top of a letter without being part of it go.
    """
    if _PLAIN.fullmatch(text):
        return text.casefold()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _ON_TOP.sub("", folded).translate(_LETTERS)


@lru_cache(maxsize=4096)  # the names of a programme are asked about with each post that arrives
def skeleton(name: str) -> str:
    """What `name` looks like: two names with the same skeleton are easily taken for each other.

    Only letters and digits count, and no accents: "J0nas Bеcker" looks like "Jonas Becker".
    """
    apart = unicodedata.normalize("NFKD", letters(name))
    plain = "".join(char for char in apart if char.isalnum()).translate(_LETTERS)
    for pair, one in _PAIRS:
        plain = plain.replace(pair, one)
    return plain.translate(_AT_A_GLANCE)
