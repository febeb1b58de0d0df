"""Headers of a developer's request."""

from __future__ import annotations

import re

from .asgi import Headers
from .dialects import Dialect
from .refused import Refused

_KEY = re.compile(rb"[Bb]earer (sk-[A-Za-z0-9_-]{8,128})")

_TRACE = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

_PASSED_ON = frozenset({b"accept", b"host", b"traceparent"})
"""Headers of a developer that LiteLLM receives, beside its key and the body's own. LiteLLM would keep a
user agent, whatever it says, as a tag of every row and counter of spend."""

_STEERING = (b"x-litellm-", b"litellm-", b"anthropic-", b"x-amzn-bedrock-", b"baggage", b"langfuse_", b"x-pass-")
"""Headers that control LiteLLM: time-outs, retries, tags, callbacks switched off, fields of the
provider, names in traces. They are refused by name; others are left out, among them those that a
load balancer adds (`x-amzn-trace-id`, `x-forwarded-for`)."""

_KEY_OF_CLINE = b"x-litellm-api-key"
"""Cline asks for the models with its key in this header."""


def developer_headers(given: Headers, reads: bool, dialect: Dialect) -> tuple[Headers, bytes]:
    """Headers for LiteLLM, and the key. Raises `Refused` on a header that controls LiteLLM or that the dialect
    refuses, and without a key."""
    names = {name.lower(): value for name, value in given}
    key_header = _KEY_OF_CLINE if reads else dialect.key
    steering = sorted(name for name in names if name.startswith(_STEERING) and name != key_header and name not in dialect.headers)
    if steering:
        raise Refused(400, f"headers not allowed here: {', '.join(name.decode('latin-1')[:64] for name in steering)}")
    for name, check in dialect.headers.items():
        if name in names:
            check(names[name].decode("latin-1"))
    authorization = names.get(b"authorization")
    if authorization is None and key_header is not None and key_header in names:
        authorization = b"Bearer " + names[key_header].removeprefix(b"Bearer ")
    match = _KEY.fullmatch(authorization or b"")
    if match is None:
        also = "" if dialect.key is None else f" or {dialect.key.decode()}: sk-…"
        raise Refused(401, f"found no key; allowed is a virtual key as Authorization: Bearer sk-…{also}")
    passed = {name: value for name, value in names.items() if name in _PASSED_ON}
    if not _TRACE.fullmatch(passed.get(b"traceparent", b"")):
        passed.pop(b"traceparent", None)
    return [*passed.items(), (b"authorization", b"Bearer " + match[1])], match[1]
