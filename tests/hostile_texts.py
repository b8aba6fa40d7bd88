"""Texts that would hurt if they were more than text: chosen ones, and as many generated as wanted.

`python -m tests.hostile_texts --examples 10000` puts generated ones through every field of a
foreign post onto phone, desk, screen and admin in Chromium; the chosen ones take the same way in
tests/browser/test_hostile_posts.py.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

SCRIPTS = (
    "<script>window.hurt=1</script>",
    '<img src=x onerror="window.hurt=1">',
    "<svg onload=window.hurt=1>",
    "<svg><animate onbegin=window.hurt=1 attributeName=x dur=1s>",
    '<a href="javascript:window.hurt=1" autofocus onfocus=window.hurt=1>x</a>',
    "<iframe srcdoc='<script>parent.hurt=1</script>'></iframe>",
    "<body onload=window.hurt=1>",
    "<details open ontoggle=window.hurt=1>",
    "<input autofocus onfocus=window.hurt=1>",
    '<form action="https://evil.example/"><button>Go</button></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<link rel=stylesheet href="https://evil.example/x.css">',
    "<style>*{display:none!important}</style>",
    '<object data="javascript:window.hurt=1"></object>',
    "<base href=https://evil.example/>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hurt=1>",
    "<template><script>window.hurt=1</script></template>",
    "<custom-thing hx-get='https://evil.example/' hx-trigger=load>",
    "<screen-wall data-on-load='window.hurt=1' limit=0>",
    "javascript:window.hurt=1",
    "data:text/html,<script>window.hurt=1</script>",
    "{{ 7|add:7 }}{% now 'Y' %}${window.hurt=1}#{window.hurt=1}",
    "&lt;script&gt;window.hurt=1&lt;/script&gt;",
    "&#60;img src=x onerror=window.hurt=1&#62;",
)
BREAKS = (
    "{}",
    "\"'>{}",
    "</p></article>{}",
    "-->{}<!--",
    "</textarea></title></script>{}",
    "]]>{}",
)
STRANGE = (
    "\u202eevil\u202c", "\u2066left\u2069\u2067right", "\u200f\u200e\u200bzero", "a\u0300" * 60,
    "Z" + "\u0300\u0301\u0302\u0303\u0489" * 40, "W" * 480, "ﷺ" * 60, "𒐫" * 80, "꧅" * 60,
    "\u0f3e" * 90, "👨‍👩‍👧‍👦" * 40, "🏳️‍🌈" * 60, "\U000e0041\U000e0042tag", "\ufffe\uffff\x00\x07",
    "\n" * 90 + "down", "a\n" * 90, "\t" * 200 + "tab", "\u2028\u2029lines", "﷽" * 30,
    "العربية مع English واسم", "עברית (עם) סוגריים", "ไทย" * 80, "မြန်မာ" * 60, "ཧྐྵྨླྺྼྻྂ" * 30,
    "漢字" * 200, "✔ Verified", "☑️ Moderator", "Аdmin", "ＡＤＭＩＮ", "ad\u00admin", "i\u0307" * 80,
    "http://" + "a" * 480, "https://xn--80ak6aa92e.com/", "https://аpple.com/", "#" * 400,
    "@" * 400, "@a@b" * 100, "#tag" * 120, "‮" * 200, "\u034f" * 200, "\u115f\u1160\u3164",
    "\ufdd0\ufdef", "%s%n%x%d{0}{name}", "=cmd|' /C calc'!A0", "../../etc/passwd", "\\\\host\\x",
    "'; DROP TABLE wall_post; --", "null", "undefined", "NaN", "-0", "1e999", "\u001b[31mred",
    "٠١٢٣٤٥٦٧٨٩", "½⅓¼" * 60, "ﬁﬂﬀ" * 60, "Ⅷ" * 100, "\u3000" * 100 + "wide",
)  # fmt: skip
PADS = ("{}", "a {} b", "{0} {0}", "W{}" + "W" * 300, "\u202e{}", "{}\n\n#ForumNord", "👍{}")


def chosen() -> list[str]:
    """All of them, each once, in the same order every time."""
    found = [frame.format(script) for script, frame in product(SCRIPTS, BREAKS[:4])]
    found += [frame.replace("{}", script) for script, frame in product(SCRIPTS, BREAKS[4:])]
    found += [_padded(pad, text) for text, pad in product(STRANGE, PADS)]
    return list(dict.fromkeys(found))


def generated(count: int, seed: int) -> Iterator[str]:
    """`count` mixtures of pieces of the chosen ones and of letters from everywhere."""
    dice = random.Random(seed)
    pieces = [*SCRIPTS, *STRANGE, '"', "'", "<", ">", "&", "</", "{{", "\u202e", "\u0301", "\x00"]
    for _ in range(count):
        parts = [
            dice.choice(pieces)[: dice.randint(1, 60)]
            if dice.random() < 0.7
            else "".join(chr(_point(dice)) for _ in range(dice.randint(1, 12)))
            for _ in range(dice.randint(1, 9))
        ]
        yield "".join(parts)


def status(number: int, text: str) -> bytes:
    """A Mastodon server's post with `text` in every field that is a text."""
    return json.dumps(
        {
            "id": str(1000 + number),
            "uri": f"https://evil.example/posts/{number}",
            "url": text if number % 3 else f"https://evil.example/{text}",
            "created_at": "2026-10-07T09:00:00.000Z",
            "visibility": "public",
            "content": f"<p>{text}</p>" if number % 2 else _escaped(text),
            "spoiler_text": text if number % 4 == 0 else "",
            "sensitive": number % 5 == 0,
            "language": text[:20],
            "tags": [{"name": text[:50], "url": "https://evil.example/t"}],
            "mentions": [{"acct": text[:50], "username": text[:50], "url": text}],
            "emojis": [{"shortcode": text[:30], "url": text, "static_url": text}],
            "media_attachments": [
                {"type": "image", "url": f"https://evil.example/{number}.png", "description": text}
            ],
            "account": {
                "acct": f"mallory{number}",
                "username": text[:30],
                "display_name": text,
                "uri": f"https://evil.example/users/{number}",
                "avatar_static": f"https://evil.example/{number}.png",
                "created_at": "2026-01-01T00:00:00.000Z",
                "emojis": [],
            },
        }
    ).encode()


def _padded(pad: str, text: str) -> str:
    return pad.replace("{0}", text).replace("{}", text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _point(dice: random.Random) -> int:
    ranges = ((32, 126), (0x300, 0x36F), (0x590, 0x6FF), (0x2000, 0x206F), (0x1F300, 0x1FAFF))
    return dice.randint(*dice.choice(ranges))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--examples", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    wanted = options.parse_args()
    wrong = _as_drawn(wanted.examples, wanted.seed) + _in_chromium(wanted.examples, wanted.seed)
    for problem in wrong[:20]:
        print(problem)
    print(f"{wanted.examples} texts, seed {wanted.seed}: {len(wrong)} wrong")
    return 1 if wrong else 0


def _as_drawn(examples: int, seed: int) -> list[str]:
    with tempfile.TemporaryDirectory() as directory:
        os.environ["DJANGO_SETTINGS_MODULE"] = "eventhub.settings"
        os.environ.setdefault("EVENTHUB_DATA_DIR", directory)
        import django

        django.setup()
        from tests.hostile_look import drawn_wrongly

        return drawn_wrongly(generated(examples, seed))


def _in_chromium(examples: int, seed: int) -> list[str]:
    from tests.browser.hostile_hall import Hall
    from tests.chromium import kept_chromium
    from tests.processes import Installation, Served
    from tests.ready_made import furnish

    with tempfile.TemporaryDirectory() as directory, kept_chromium() as keeper:
        installation = Installation(Path(directory) / "hall")
        installation.directory.mkdir()
        known = furnish(installation, "tests.browser.hostile_posts", str(examples), str(seed))
        with Served(installation) as served:
            hall = Hall(served.url, known, keeper)
            wrong = [one for kind in ("phone", "desk", "screen") for one in hall.found_on(kind)]
            return [*wrong, *hall.found_in_admin(), *hall.reports, *hall.foreign()]


if __name__ == "__main__":
    sys.exit(main())
