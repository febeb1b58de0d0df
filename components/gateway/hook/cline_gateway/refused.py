"""A refused request."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """`status` is the HTTP status, `message` the caller's error text; neither holds a value of the
    request. `retry_after` counts seconds."""

    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after


UNREADABLE = "the model's answer cannot be read; try again, and tell the infrastructure team if it stays so"
"""An answer without what its kind of request is answered with (502)."""


TRACED = b" (the gateway's log has the place)"
"""Replaces a stack trace in an error's text."""


def chat_error(status: int, message: str) -> dict[str, Any]:
    """An error's body in OpenAI's shape."""
    kind = {401: "authentication_error", 429: "rate_limit_error"}.get(status, "api_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": None, "code": str(status)}}
