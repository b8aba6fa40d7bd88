"""Write each log record as one line of key=value; control characters never reach the console."""

import json
import logging
import time
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_NEVER = frozenset({"request", "text", "cookies"})


SELDOM_S = 60.0
MAX_SELDOM_CHARS = 120


class Seldom(logging.Filter):
    """Lets one record a minute through, as a short warning without traceback.

    For what strangers can cause as often as they like. `more`: how many were kept back before it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._next_at = 0.0
        self._kept_back = 0

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now < self._next_at:
            self._kept_back += 1
            return False
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args = record.getMessage()[:MAX_SELDOM_CHARS], None
        record.exc_info = record.exc_text = None
        record.more = self._kept_back
        self._next_at, self._kept_back = now + SELDOM_S, 0
        return True


class LineFormatter(logging.Formatter):
    """`2026-11-21T08:41:00Z WARNING wall.collect source failed source=3 retry_after_s=300`."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        words = [
            at.replace("+00:00", "Z"),
            record.levelname,
            record.name,
            _plain(record.getMessage()),
        ]
        words += [
            f"{key}={_plain(str(value))}"
            for key, value in vars(record).items()
            if key not in _STANDARD and key not in _NEVER
        ]
        if record.exc_info:
            words.append("trace=" + json.dumps(self.formatException(record.exc_info)))
        return " ".join(words)


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
