"""`python -m bench`: run the measurement and print one line per figure. Measures nothing itself."""

import argparse
import signal
import sys
from pathlib import Path

from bench import pages, placing, screen_frames, seeded, storing, streaming
from bench.calibrate import calibrate, describe
from bench.plan import ORDER, Scope, measure
from bench.report import HEAD, Line, lines, write

LATEST = Path(__file__).resolve().parent / "results" / "latest.json"
PAGES = LATEST.with_name("pages.json")
PLACEMENT = LATEST.with_name("placement.json")
JETSTREAM = LATEST.with_name("jetstream.json")
INGEST = LATEST.with_name("ingest.json")
FRAMES = LATEST.with_name("frames.json")


def main() -> int:
    """0 if every target is met, 1 if one line says SHORT."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds (default: 5)")
    parser.add_argument("--sockets", type=int, action="append", help="default: 300 and 1000")
    parts = ("steady", "stalled", "pages", "placement", "jetstream", "ingest", "frames")
    parser.add_argument("--only", choices=parts, help="one part alone")
    parser.add_argument("--subject", choices=ORDER, action="append", help="default: all four")
    parser.add_argument("--quick", action="store_true", help="one round at 300: does it work?")
    parser.add_argument("--calibrate", action="store_true", help="only the load client's own limit")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there as well")
    options = parser.parse_args()

    seeded.check()
    # Ended from outside, the servers and the load client must go as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sizes = tuple(options.sockets or ((300,) if options.quick else (300, 1000)))
    if options.calibrate:
        for sockets in sizes:
            print(describe(calibrate(sockets), sockets))
        return 0
    rounds = 1 if options.quick else options.rounds
    if options.only == "pages":
        return _pages(rounds)
    if options.only == "placement":
        return _placement()
    if options.only == "jetstream":
        heard = streaming.measure(rounds)
        return _judged(streaming.lines(heard), JETSTREAM, streaming.as_json(heard))
    if options.only == "ingest":
        stored = storing.measure(rounds)
        return _judged(storing.lines(stored), INGEST, storing.as_json(stored))
    if options.only == "frames":
        drawn = screen_frames.measure()
        return _judged(screen_frames.lines(drawn), FRAMES, screen_frames.as_json(drawn))
    scope = Scope(
        rounds=rounds,
        sizes=sizes,
        subjects=tuple(name for name in ORDER if name in (options.subject or ORDER)),
        steady=options.only != "stalled",
        stalled=options.only != "steady" and not options.quick,
    )
    samples = measure(scope)
    found = list(lines(samples, scope.sizes if scope.steady else (), stalled=scope.stalled))
    if options.only is None:
        found += pages.lines(pages.measure(rounds))
        found += placing.lines(placing.measure())
        found += streaming.lines(streaming.measure(rounds))
        found += storing.lines(storing.measure(rounds))
    print(HEAD, *found, sep="\n")
    for path in filter(None, (LATEST, options.json)):
        write(path, found, samples, scope.rounds)
    return int(any(line.ok is False for line in found))


def _pages(rounds: int) -> int:
    found = pages.measure(rounds)
    return _judged(pages.lines(found), PAGES, pages.as_json(found))


def _placement() -> int:
    found = placing.measure()
    return _judged(placing.lines(found), PLACEMENT, placing.as_json(found))


def _judged(found: list[Line], path: Path, content: str) -> int:
    print(HEAD, *found, sep="\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content + "\n")
    return int(any(line.ok is False for line in found))


if __name__ == "__main__":
    sys.exit(main())
