"""Logs: lines for people on a terminal, or one JSON object a line for programs."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from datetime import datetime
from typing import Any

from aiohttp.http import HttpProcessingError

PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """time, level, logger, message, what was given as `extra`, and the traceback of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in PLAIN}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _is_ours(record: logging.LogRecord) -> bool:
    """Not what broken or hostile clients send: it is answered, and anybody could fill the log with it."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | ConnectionError)


def set_up_logs(level: str, *, as_json: bool) -> None:
    """Log to standard error, from here on and for the whole process."""
    handler = logging.StreamHandler(sys.stderr)
    lines = logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")
    handler.setFormatter(JsonLines() if as_json else lines)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    warnings.filterwarnings("ignore", module="PIL")
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    for name in ("asyncio", "aiosqlite", "PIL"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
