"""LiteLLM's rows of failed calls: what failed and how, without the error's text, which quotes the
request. LiteLLM's settings keep the text, or no row at all."""

from __future__ import annotations

from typing import Any

from litellm.proxy.hooks.proxy_track_cost_callback import _ProxyDBLogger

from .described import described


_MARKS = frozenset({"category", "code", "entity_id", "entity_type", "llm_provider", "rate_limit_type", "type"})
"""Text that LiteLLM books an error by, none of it from a request."""


def without_words(error: Exception) -> Exception:
    """The error as a row may name it: its class, numbers and marks. The caller gets the error itself.

    A class that cannot be made without its words becomes an Exception that names it."""
    words = described(error)
    try:
        return _of_its_class(error, words)
    except Exception:
        return Exception(words)


def _of_its_class(error: Exception, words: str) -> Exception:
    kind = type(error)
    row = kind.__new__(kind)
    row.args = (words,)
    for name, value in vars(error).items():
        if value is None or isinstance(value, (bool, int, float)) or (name in _MARKS and isinstance(value, str)):
            setattr(row, name, value)
        else:
            setattr(row, name, words if isinstance(value, str) else None)
    setattr(row, "message", words)
    return row


def keep_wordless() -> None:
    """From now on LiteLLM writes rows of failures so. Raises AttributeError where a version writes them
    elsewhere."""
    write = _ProxyDBLogger.async_post_call_failure_hook

    async def write_wordless(
        self: _ProxyDBLogger, request_data: dict[str, Any], original_exception: Exception, user_api_key_dict: Any, traceback_str: str | None = None
    ) -> None:
        await write(self, request_data, without_words(original_exception), user_api_key_dict, None)

    setattr(_ProxyDBLogger, "async_post_call_failure_hook", write_wordless)
