"""A worker's log: no word of a request, of an answer, of an error that quotes one, and no address.

LiteLLM and the libraries below it put errors and whatever they handle into their messages, and none of
LiteLLM's settings keeps that out of its log. So nothing they compose is written. Of a record stay its
level, its place in the source, the words that stand there in the source, and what `described` says of
the error at hand. What is printed past the logging is left out, but its place is logged.

While an application starts nobody can have sent it anything: until then everything is written."""

from __future__ import annotations

import ast
import io
import linecache
import logging
import re
import sys
import textwrap
import threading
from functools import lru_cache
from typing import Any, Iterator

from .described import described, frames
from .routes import Routes

OURS = "cline_gateway"
"""The hook's own loggers write constants, numbers and classes of errors."""

_ACCESS = "uvicorn.access"
_LONGEST_CALL = 40
"""Lines of a call of a logger in its source, at most."""

_GAP = "…"
"""In a message's words: what the program would have put in there."""

_CONTROL = re.compile(r"\x1b\[[0-9;]*m|[\x00-\x1f]")

_written = threading.local()
"""`by_handler` while a handler writes: that may pass to standard output."""


class _Kept(logging.LogRecord):
    """What is left of a record."""


def withhold(routes: Routes) -> None:
    """From now on every handler of this process, made already or later, gets wordless records; what is
    printed reaches neither standard output nor standard error."""
    handle = logging.Handler.handle

    def handle_wordless(self: logging.Handler, record: logging.LogRecord) -> bool:
        _written.by_handler = True
        try:
            return bool(handle(self, wordless(record, routes)))
        finally:
            _written.by_handler = False

    setattr(logging.Handler, "handle", handle_wordless)
    # Otherwise a handler that fails prints the record's message and arguments.
    logging.raiseExceptions = False
    sys.stdout, sys.stderr = _Printed(sys.stdout), _Printed(sys.stderr)


def wordless(record: logging.LogRecord, routes: Routes) -> logging.LogRecord:
    """The record as it may be written."""
    if isinstance(record, _Kept):
        return record
    kept = _Kept(record.name, record.levelno, record.pathname, record.lineno, _message(record, routes), (), None, record.funcName)
    kept.created, kept.msecs = record.created, record.msecs
    raised = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    error = raised or sys.exc_info()[1]
    if error is not None:
        kept.error = described(error)
    if raised is not None:
        kept.frames = frames(raised)
    return kept


def _message(record: logging.LogRecord, routes: Routes) -> str:
    if record.name.split(".")[0] == OURS:
        return record.getMessage()
    if record.name == _ACCESS:
        return _access(record, routes)
    return _source_words(record.pathname, record.lineno)


def _access(record: logging.LogRecord, routes: Routes) -> str:
    """A request's line: who from, the route as the table writes it, and the status. A path holds whatever
    its sender likes."""
    if not isinstance(record.args, tuple) or len(record.args) != 5:
        return _source_words(record.pathname, record.lineno)
    peer, method, path, _, status = record.args
    route = routes.find(str(method), str(path).partition("?")[0].encode())
    return f"{peer} {'another route' if route is None else f'{route.method} {route.path}'} {status}"


@lru_cache(maxsize=4096)
def _source_words(path: str, line: int) -> str:
    """What the source writes in the call of a logger that begins at a line, without what it puts in."""
    lines = linecache.getlines(path)
    for end in range(line, min(line + _LONGEST_CALL, len(lines)) + 1):
        try:
            tree = ast.parse(textwrap.dedent("".join(lines[line - 1 : end])))
        except (SyntaxError, ValueError):
            continue
        return next((words for words in _texts(tree) if words != _GAP), _GAP)
    return _GAP


def _texts(tree: ast.AST) -> Iterator[str]:
    """The texts that calls begin with: a logger's message, behind its level."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            leveled = isinstance(node.func, ast.Attribute) and node.func.attr == "log"
            yield from (_CONTROL.sub("", _literal(argument)) for argument in node.args[1 if leveled else 0 :][:1])


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _literal(node.left) + (_literal(node.right) if isinstance(node.op, ast.Add) else "")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _literal(node.func.value)
    return _GAP


class _Printed(io.TextIOBase):
    """Standard output or error: handlers write through it; of anything else the place is logged, once."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._places: set[str] = set()

    def write(self, text: str) -> int:
        if getattr(_written, "by_handler", False):
            return int(self._stream.write(text))
        place = _printer()
        if place not in self._places:
            self._places.add(place)
            logging.getLogger(f"{OURS}.logs").warning("left out what is printed at %s", place)
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return int(self._stream.fileno())


def _printer() -> str:
    """The nearest place outside the interpreter's own means of printing."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_globals.get("__name__") in ("traceback", "warnings", "logging", __name__):
        frame = frame.f_back
    return f"{frame.f_code.co_filename.rpartition('site-packages/')[2]}:{frame.f_lineno}"
