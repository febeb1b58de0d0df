#!/usr/bin/env bash
# LiteLLM 1.106.2 on FastAPI 0.165.0, the routes of the proxy's application.
# Expected: app.routes names every path that the application answers, so that a list of it can be audited.
# Seen: routers that were included stand in app.routes as one object without a path; most of the proxy's paths, /key/generate among them, are in
# no entry's .path, and are found only by descending into each of those objects.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'litellm[proxy]==1.106.2' fastapi==0.165.0
cat > "$work/main.py" <<'PY'
import importlib.metadata
from litellm.proxy.proxy_server import app

listed = {route.path for route in app.routes if hasattr(route, "path")}
documented = set(app.openapi()["paths"])
hidden = documented - listed
version = importlib.metadata.version
print(f"litellm {version('litellm')}, fastapi {version('fastapi')}: {len(listed)} paths listed, {len(hidden)} documented ones are not; /key/generate {'hidden' if '/key/generate' in hidden else 'listed'}")
PY
cd "$work"
seen="$(LITELLM_LOCAL_MODEL_COST_MAP=True "$work/venv/bin/python" main.py 2> /dev/null)"
echo "$seen"
grep -qE ' [1-9][0-9]{2,} documented ones are not; /key/generate hidden$' <<< "$seen"
