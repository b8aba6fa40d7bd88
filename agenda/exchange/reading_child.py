"""Read one file of a stranger: stdin in, a plan out. Runs alone, without Django and its secrets.

Started by `agenda.exchange.reading` as a process of its own: a file that crashes, loops or eats
memory takes nobody along. Its limits are arguments: MEMORY_BYTES CPU_S OUTPUT_BYTES MAX_SESSIONS
ZONE LANGUAGE NAME. The answer is JSON: {"plan": …} or {"unreadable": "a sentence"}.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NEW_NETWORK = 0x10000000 | 0x40000000  # CLONE_NEWUSER | CLONE_NEWNET
FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork")


def shut_in() -> None:
    """No network and no other program, whatever a file makes a library do."""
    sys.addaudithook(refuse)
    try:
        import ctypes

        # An empty network of its own, where the system allows that; the hook holds everywhere.
        ctypes.CDLL(None).unshare(NEW_NETWORK)
    except (ImportError, OSError, AttributeError):
        pass


def refuse(event: str, _arguments: object) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"a file wanted {event}")


def answer(data: bytes, name: str, *, zone: str, language: str, max_sessions: int) -> bytes:
    """The plan as JSON. Raises UnreadableError, or whatever a library says of a broken file."""
    import msgspec

    from agenda.exchange import registry, words
    from agenda.exchange.tidy import tidy

    words.speak(language)
    reader = registry.recognise(data, name)
    plan = reader.read(data, zone=zone)
    return msgspec.json.encode({"plan": tidy(plan, max_sessions=max_sessions)})


def main(arguments: list[str]) -> None:
    memory_bytes, cpu_s, output_bytes, max_sessions = map(int, arguments[:4])
    zone, language, name = arguments[4:]
    sys.path.insert(0, str(ROOT))
    from eventhub.limits import limit

    limit(memory_bytes, cpu_s, output_bytes, open_files=64)
    shut_in()
    import msgspec

    from agenda.exchange.plan import UnreadableError

    try:
        said = answer(
            sys.stdin.buffer.read(), name, zone=zone, language=language, max_sessions=max_sessions
        )
    except UnreadableError as error:
        said = msgspec.json.encode({"unreadable": str(error)})
    except (MemoryError, RecursionError):
        said = b'{"too_much": true}'
    except Exception as error:
        # Whatever a library says of a stranger's file; the kind of it helps whoever reads the log.
        said = msgspec.json.encode({"broken": type(error).__name__})
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
