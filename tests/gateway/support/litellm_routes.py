"""Prints every method and path that the installed LiteLLM knows, as JSON: from its application,
whose included routers are walked, and from the decorators in its source, for what it adds later."""

import json
import os
import re
from pathlib import Path
from typing import Any, Iterable

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
from litellm.proxy.proxy_server import app

found: set[tuple[str, str]] = set()


def walk(routes: Iterable[Any], prefix: str = "") -> None:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            walk(inner.routes, prefix + (getattr(route.include_context, "prefix", "") or ""))
            continue
        below = getattr(route, "routes", None)
        if below is not None or type(route).__name__ == "Mount":
            found.add(("GET", f"{prefix}{route.path}/x"))
            walk(below or [], prefix + route.path)
        for method in getattr(route, "methods", None) or ["WEBSOCKET"]:
            found.add((method, prefix + route.path))


walk(app.routes)
decorator = re.compile(r"@\w+\.(get|post|put|delete|patch|head|options|api_route|websocket)\(\s*(?:path=)?f?\"(/[^\"]*)\"")
for file in Path(litellm.__file__).parent.rglob("*.py"):
    for verb, path in decorator.findall(file.read_text(encoding="utf-8")):
        found.add(({"api_route": "GET"}.get(verb, verb).upper(), path))
if __name__ == "__main__":
    print(json.dumps(sorted(found)))
