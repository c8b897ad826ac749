"""Log lines for machines: one JSON object a line, without personal data.

Long numbers (identity cards, telephones, accounts) and mail addresses are masked, query strings are cut off, and of an error only its kind,
its first line and the places it passed are kept: values of variables and the DETAIL of database errors never are.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

MASKED = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<mail>"),
    (re.compile(r"(?<![0-9a-f-])\+?\d(?:[ .-]?\d){8,}(?![0-9a-f-])"), "<number>"),
    (re.compile(r"\?[^\s\"']*="), "?<query>="),
)
QUERY = re.compile(r"(\?<query>=)[^\s\"']*")
DEEPEST = 30


class JsonLines(logging.Formatter):
    """`at` (UTC), `level`, `logger`, `message`; for errors `error`, `said`, `trace`; for requests `request`, `status`."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            "process": record.process,
        }
        request = getattr(record, "request", None)
        request_id = getattr(request, "headers", {}).get("X-Request-ID")
        if request_id:
            entry["request"] = masked(str(request_id))
        if hasattr(record, "status_code"):
            entry["status"] = record.status_code
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, trace = record.exc_info
            entry["error"] = kind.__name__
            entry["said"] = masked(str(error).partition("\n")[0])
            entry["trace"] = [f"{place.filename}:{place.lineno} {place.name}" for place in traceback.extract_tb(trace)[-DEEPEST:]]
        return json.dumps(entry, ensure_ascii=False)


def masked(text: str) -> str:
    """The text without long numbers, mail addresses and query strings."""
    for pattern, instead in MASKED:
        text = pattern.sub(instead, text)
    return QUERY.sub(r"\1…", text)
