#!/usr/bin/env bash
# opentelemetry-instrumentation-fastapi 0.54b1, which LiteLLM 1.106.2's extra proxy-runtime pins, with FastAPI 0.141.1, which pip takes beside it.
# Expected: versions that pip resolves together serve requests; instrumentation never fails the request it describes.
# Seen: FastAPI keeps an included router as one object without a path. The instrumentation reads .path of each route until one matches: a request
# for an included router's route ends in AttributeError, a 500 for the caller. A route of the application itself, listed before, still answers.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check fastapi==0.141.1 httpx==0.28.1 setuptools==80.9.0 \
  opentelemetry-sdk==1.33.1 opentelemetry-instrumentation-fastapi==0.54b1
cat > "$work/main.py" <<'PY'
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

router = APIRouter()


@router.get("/of-a-router")
def of_a_router() -> dict[str, str]:
    return {}


app = FastAPI()


@app.get("/own")
def own() -> dict[str, str]:
    return {}


app.include_router(router)
FastAPIInstrumentor.instrument_app(app)
client = TestClient(app)
answers = {}
for path in ("/own", "/of-a-router"):
    try:
        answers[path] = str(client.get(path).status_code)
    except Exception as error:
        answers[path] = type(error).__name__
print(f"fastapi {version('fastapi')}, instrumentation {version('opentelemetry-instrumentation-fastapi')}: {answers}")
PY
seen="$("$work/venv/bin/python" "$work/main.py" 2> /dev/null)"
echo "$seen"
grep -qF "{'/own': '200', '/of-a-router': 'AttributeError'}" <<< "$seen"
