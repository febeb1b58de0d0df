"""Makes Cline ready before the editor starts, with the developer's rights: its extension, its command line and code-server.

GATEWAY_URL has the local gateway's base URL, GATEWAY_PLACEHOLDER what clients send in a key's place, AGENT_FILE what the platform's stack file says of
the agent. No key comes here. cline-seed.json is written once: a developer who changes something of it keeps the change, as other settings. Cline reads its files at its start
only, and writes them whole: this runs while Cline does not.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable

# Python's isolated mode looks in no folder of scripts.
sys.path.insert(0, os.path.dirname(__file__))
sys.dont_write_bytecode = True
from cline_models import chosen, models  # noqa: E402

AGENT_FILE = "/etc/cline/agent.json"


def read(path: Path) -> dict:
    """A JSON object, or an empty one. What is something else is kept aside: Cline would not start with it, or would lose it."""
    try:
        value = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        value = None
    if isinstance(value, dict):
        return value
    aside = path.with_name(f"{path.name}.broken-{datetime.now(timezone.utc):%Y%m%dT%H%M%S%f}")
    os.replace(path, aside)
    print(f"{path}: not a JSON object; kept as {aside.name}, and written anew")
    return {}


def part(value: dict, name: str) -> dict:
    """A member that is an object; an empty one where it is not."""
    member = value.get(name)
    return member if isinstance(member, dict) else {}


def write(path: Path, text: str) -> None:
    """Replaces a file at once, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", errors="surrogateescape") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def merge(path: Path, ours: dict, first: dict | None = None) -> None:
    """Sets what is the platform's; `first` only where the file has nothing."""
    present = read(path)
    wanted = {**(first or {}), **present, **ours}
    if wanted != present:
        write(path, json.dumps(wanted, indent=2))


def editor_settings(path: Path, first: dict) -> None:
    """code-server's user settings may hold comments, which JSON has not: such a file is the developer's alone."""
    try:
        if path.exists() and not isinstance(json.loads(path.read_text()), dict):
            raise ValueError
    except ValueError:
        print(f"{path}: has comments or is not JSON, and stays; the platform's are {', '.join(first)}")
    else:
        merge(path, {}, first)


def mcp_servers(places: list[Path], record: Path, servers: dict) -> None:
    """Sets the platform's servers, and takes out those that it had set before and no longer has. Switches of the developer's stay."""
    gone = set(part(read(record), "mcpServers")) - set(servers)
    for path in places:
        present = read(path)
        theirs = {name: entry for name, entry in part(present, "mcpServers").items() if name not in gone}
        ours = {name: {"disabled": False, "autoApprove": [], **part(theirs, name), **entry} for name, entry in servers.items()}
        if present.get("mcpServers") != {**theirs, **ours}:
            write(path, json.dumps({**present, "mcpServers": {**theirs, **ours}}, indent=2))
    merge(record, {"mcpServers": servers})


def owned(path: Path, text: str) -> None:
    """A file that is the platform's alone; an empty text removes it."""
    if not text:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_text(errors="surrogateescape") != text:
        write(path, text)


def ignored(path: Path, patterns: list[str]) -> None:
    """Keeps the platform's patterns in a part of their own; the developer's lines around it stay."""
    begin, end = "# platform: begin", "# platform: end"
    text = path.read_text(errors="surrogateescape") if path.exists() else ""
    before, _, rest = text.partition(f"{begin}\n")
    before += "\n" if before and not before.endswith("\n") else ""
    after = rest.partition(f"{end}\n")[2]
    own = "".join(f"{line}\n" for line in [begin, *patterns, end]) if patterns else ""
    owned(path, f"{before}{own}{after}")


def command_line(path: Path, settings: dict) -> None:
    """The command line's own provider file; other providers in it stay."""
    present = read(path)
    providers = part(present, "providers")
    if part(part(providers, "litellm"), "settings") == settings:
        return
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    entry = {"settings": settings, "updatedAt": now, "tokenSource": "manual"}
    write(path, json.dumps({**present, "version": 1, "lastUsedProvider": "litellm", "providers": {**providers, "litellm": entry}}, indent=2))


def stopped(what: str, act: Callable[[], None]) -> bool:
    """Does one step. What stops it is said, and stops no other."""
    try:
        act()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        print(f"{what}: stays as it is: {type(fault).__name__}: {fault}")
        return True
    return False


def main() -> None:
    url, placeholder = os.environ["GATEWAY_URL"], os.environ["GATEWAY_PLACEHOLDER"]
    home, gateway = Path.home(), url.removesuffix("/v1")
    cline, editor = home / ".cline", home / ".local/share/code-server/User"
    data = cline / "data"
    seed = json.loads(Path(__file__).with_name("cline-seed.json").read_text())
    told = models(url, placeholder)

    def state() -> None:
        path = data / "globalState.json"
        merge(path, {
            "planModeApiProvider": "litellm",
            "actModeApiProvider": "litellm",
            "liteLlmBaseUrl": url,
            "telemetrySetting": "disabled",
            "welcomeViewCompleted": True,
            **chosen(told, read(path)),
        }, seed["state"])

    def switches() -> None:
        # The command line's own, which the extension's do not reach.
        settings = data / "settings"
        merge(settings / "global-settings.json", {"telemetryOptOut": True, "autoUpdateEnabled": False}, seed["commandLine"])
        model = chosen(told, read(data / "globalState.json"))["actModeLiteLlmModelId"]
        command_line(settings / "providers.json", {"provider": "litellm", "model": model, "baseUrl": url, "apiKey": placeholder})

    steps: dict[str, Callable[[], None]] = {
        "Cline's state": state,
        "Cline's placeholder": lambda: merge(data / "secrets.json", {"liteLlmApiKey": placeholder}),
        # All three, or the extension does not start.
        "Cline's addresses": lambda: merge(cline / "endpoints.json", {"appBaseUrl": gateway, "apiBaseUrl": gateway, "mcpBaseUrl": gateway}),
        "Cline's command line": switches,
        "folder of projects": lambda: (home / "projects").mkdir(exist_ok=True),
        "editor's settings": lambda: editor_settings(editor / "settings.json", seed["editor"]),
    }
    agent = Path(os.environ.get("AGENT_FILE", AGENT_FILE))
    try:
        own = json.loads(agent.read_text())
        servers, rules, ignore = (own[name] for name in ("mcpServers", "rules", "ignore"))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        print(f"{agent}: cannot be read; servers, rules and patterns stay as they are: {type(fault).__name__}: {fault}")
    else:
        mcp = "settings/cline_mcp_settings.json"
        places = [editor / "globalStorage/saoudrizwan.claude-dev" / mcp, data / mcp]
        steps["MCP servers"] = lambda: mcp_servers(places, cline / "platform.json", servers)
        steps["rules"] = lambda: owned(home / "Documents/Cline/Rules/platform.md", rules)
        steps["ignored files"] = lambda: ignored(home / "projects/.clineignore", ignore)
    # Every step is done before any fault counts.
    sys.exit(any([stopped(what, act) for what, act in steps.items()]))


if __name__ == "__main__":
    main()
