"""Write each log record as one line of key=value; control characters never reach the console."""

import json
import logging
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_NEVER = frozenset({"request", "text", "cookies"})


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
