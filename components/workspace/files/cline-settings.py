"""Writes Cline's settings for the key read from standard input, with the developer's rights.

Only what belongs to the gateway is written; a developer's other settings stay. Nothing is printed that holds the key.
"""

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

CHEAP_FIRST = ("light", "standard", "strong")
HUB_PORT = 25463  # Cline's hub daemon keeps the key of its first run: it ends when the key changes.


def choose(models: list[str], state: dict) -> tuple[str, str]:
    """Plan mode's and Act mode's model: the developer's choice while it is allowed, else the lightest, and the standard one or the nearest."""
    allowed = [tier for tier in CHEAP_FIRST if tier in models] or ["light"]
    plan, act = state.get("planModeLiteLlmModelId"), state.get("actModeLiteLlmModelId")
    standard = "standard" if "standard" in allowed else allowed[-1]
    return plan if plan in allowed else allowed[0], act if act in allowed else standard


def allowed_models(url: str, key: str) -> list[str]:
    """Model groups that the gateway admits this key to."""
    request = urllib.request.Request(f"{url}/models", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=20, context=ssl.create_default_context()) as answer:
        return [model["id"] for model in json.load(answer)["data"]]


def read(path: Path) -> dict:
    """A JSON object, or an empty one where there is none or a broken one."""
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write(path: Path, value: dict) -> None:
    """Replaces a file at once, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        json.dump(value, file, indent=2)
    os.replace(name, path)


def end_hub_daemon() -> None:
    listeners = subprocess.run(
        ["ss", "--listening", "--tcp", "--numeric", "--processes", "--no-header", f"sport = :{HUB_PORT}"],
        capture_output=True, text=True, check=False,
    ).stdout
    for pid in set(re.findall(r"pid=(\d+)", listeners)):
        os.kill(int(pid), signal.SIGTERM)


def main() -> None:
    key = sys.stdin.read().strip()
    if not key:
        sys.exit("there is no key yet")
    url = os.environ["GATEWAY_URL"]
    cline = Path.home() / ".cline"
    providers = cline / "data" / "settings" / "providers.json"
    before = read(providers).get("providers", {}).get("litellm", {}).get("settings", {})
    try:
        models = allowed_models(url, key)
    except (OSError, ValueError, KeyError) as fault:
        models = list(CHEAP_FIRST)
        print(f"the gateway did not list models, the last choice stays: {type(fault).__name__}")
    plan, act = choose(models, read(cline / "data" / "globalState.json"))

    settings = {"provider": "litellm", "model": act, "baseUrl": url, "apiKey": key}
    if before != settings:
        write(providers, {
            "version": 1,
            "lastUsedProvider": "litellm",
            "providers": {"litellm": {
                "settings": settings,
                "updatedAt": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "tokenSource": "manual",
            }},
        })
    gateway = url.removesuffix("/v1")
    wanted = {
        cline / "endpoints.json": {"appBaseUrl": gateway, "apiBaseUrl": gateway, "mcpBaseUrl": gateway},
        # The command line's own switches, which the extension's do not reach: without them it reports its use to its maker and looks for updates.
        cline / "data" / "settings" / "global-settings.json": {"telemetryOptOut": True, "autoUpdateEnabled": False},
        cline / "data" / "secrets.json": {"liteLlmApiKey": key},
        cline / "data" / "globalState.json": {
            "planModeApiProvider": "litellm",
            "actModeApiProvider": "litellm",
            "planActSeparateModelsSetting": True,
            "planModeLiteLlmModelId": plan,
            "actModeLiteLlmModelId": act,
            "liteLlmBaseUrl": url,
            "telemetrySetting": "disabled",
            "welcomeViewCompleted": True,
        },
    }
    for path, ours in wanted.items():
        present = read(path)
        if {**present, **ours} != present:
            write(path, {**present, **ours})
    if before.get("apiKey") not in (None, key):
        end_hub_daemon()
        print("the key changed; Cline's hub daemon was ended")


if __name__ == "__main__":
    main()
