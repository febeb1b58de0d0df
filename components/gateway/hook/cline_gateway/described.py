"""What may be said of an error outside its caller's answer. Bedrock's and LiteLLM's texts quote the
request: a prompt, a tool's result, a key."""

from __future__ import annotations

import re
import traceback
from typing import Any, Iterator

_MOST_CAUSES = 6
_MOST_FRAMES = 40

_REQUEST_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def described(error: BaseException) -> str:
    """Class and status of an error and of those that it came from, the nearest first, and AWS's request
    id: `RateLimitError 429 from BedrockError 429, request 01234567-…`."""
    request_id = next((found for each in _causes(error) if (found := _aws_request_id(each))), None)
    names = " from ".join(_named(each) for each in _causes(error))
    return names if request_id is None else f"{names}, request {request_id}"


def frames(error: BaseException) -> list[str]:
    """Where an error came up, innermost last: files below the interpreter's folder of packages, lines,
    functions."""
    found = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    return [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in found[-_MOST_FRAMES:]]


def _causes(error: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if each is None:
            return
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _named(error: BaseException) -> str:
    # A callee's attributes: anything may stand there.
    status: Any = getattr(error, "status_code", None) or getattr(error, "code", None)
    name = type(error).__name__
    return f"{name} {status}" if re.fullmatch(r"[1-5]\d\d", str(status)) else name


def _aws_request_id(error: BaseException) -> str | None:
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        value = str(headers.get("x-amzn-requestid"))
    except AttributeError:
        return None
    return value if _REQUEST_ID.fullmatch(value) else None
