"""The applications that a task serves: LiteLLM behind the edge, in the workers and in the process for
large requests."""

from __future__ import annotations

import os
from pathlib import Path

from litellm.proxy.proxy_server import app as litellm

from .drain import Drained
from .edge import Edge
from .guarded import judge_everything
from .lean import keep_text_where_wanted, lean, leave_deployments_uncounted
from .logs import withhold
from .relay import Relay
from .reserve import estimate_reservations
from .settings import load
from .spend_rows import keep_wordless
from .started import Started

_NICENESS = 5
"""Of the process for large requests: a third of a worker's share while both want the processor."""

_settings = load(Path(os.environ["CLINE_GATEWAY_SETTINGS"]))
estimate_reservations()
keep_wordless()
judge_everything()
keep_text_where_wanted()
leave_deployments_uncounted()


def worker() -> Started:
    """The application at the listeners."""
    return _edge(Relay(int(os.environ["CLINE_LARGE_PORT"]), _settings.max_request_seconds))


def large() -> Started:
    """The application that serves large requests itself. Its process gives way from now on."""
    os.nice(_NICENESS)
    return _edge(None)


def _edge(relay: Relay | None) -> Started:
    inner = Drained(litellm, _settings.max_request_seconds)
    edge = Edge(inner, _settings.edge, int(os.environ["CLINE_MANAGEMENT_PORT"]), relay)
    return Started(edge, lambda: withhold(_settings.edge.routes), lean)
