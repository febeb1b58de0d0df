"""`python3 -m cline_gateway …`: LiteLLM's own command, with the edge before its application, on two
ports: `--port` for the API, `CLINE_MANAGEMENT_PORT` for the functions.

LiteLLM's command takes neither. It starts its server by one call, which is answered here; a version
that starts it otherwise does not start."""

from __future__ import annotations

import os
from typing import Any

import uvicorn
from litellm.proxy.proxy_cli import run_server

from .workers import Workers

_LITELLMS = "litellm.proxy.proxy_server:app"


def _serve(app: str, *, port: int, **options: Any) -> None:
    """In `uvicorn.run`'s place: the same workers accept connections from both sockets, and hand large
    requests on to one more process, on loopback and in clear."""
    if app != _LITELLMS:
        raise RuntimeError(f"LiteLLM serves {app}; expected {_LITELLMS}")
    ports = (port, int(os.environ["CLINE_MANAGEMENT_PORT"]))
    configs = [uvicorn.Config("cline_gateway.application:worker", factory=True, port=each, **options) for each in ports]
    inside = {name: value for name, value in options.items() if not name.startswith("ssl_")}
    large = uvicorn.Config("cline_gateway.application:large", factory=True, **{**inside, "host": "127.0.0.1", "port": 0})
    at = large.bind_socket()
    # The workers inherit it.
    os.environ["CLINE_LARGE_PORT"] = str(at.getsockname()[1])
    Workers(configs[0], [config.bind_socket() for config in configs], large, at).run()


if __name__ == "__main__":
    setattr(uvicorn, "run", _serve)
    run_server()
