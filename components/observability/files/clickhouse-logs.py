#!/usr/bin/python3
"""Ships the journal of the host's first start and of its services to CloudWatch Logs, with the AMI's own programs only, so that whatever
fails later is told. It begins where it ended: an entry may come twice, none is left out."""
import json
import pathlib
import subprocess
import tempfile
import time

settings = dict(line.split("=", 1) for line in pathlib.Path("/etc/cline/clickhouse.env").read_text().splitlines())
settings = {name: value.strip("'") for name, value in settings.items()}
group, region = settings["LOG_GROUP"], settings["AWS_DEFAULT_REGION"]
stream = pathlib.Path("/var/lib/cloud/data/instance-id").read_text().strip() + "/journal"
place = pathlib.Path("/var/lib/cline/journal-cursor")
units = ["cloud-*", "clickhouse*", "docker.service", "var-lib-clickhouse.mount"]


def entries() -> list:
    after = [f"--after-cursor={place.read_text()}"] if place.exists() else ["--boot"]
    command = ["journalctl", "--output=json", "--no-pager", *after, *(f"--unit={unit}" for unit in units)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as journal:
        found = [json.loads(line) for line, _ in zip(journal.stdout, range(500))]
        journal.kill()
    return found


def event(entry: dict) -> dict:
    message = entry.get("MESSAGE") or ""
    text = message if isinstance(message, str) else bytes(message).decode(errors="replace")
    unit = entry.get("_SYSTEMD_UNIT", entry.get("UNIT", "systemd"))
    return {"timestamp": int(entry["__REALTIME_TIMESTAMP"]) // 1000, "message": f"{unit}: {text}"[:8000]}


def aws(*words: str) -> bool:
    done = subprocess.run(["aws", "--region", region, "logs", *words], capture_output=True, text=True)
    if done.returncode and "AlreadyExists" not in done.stderr:
        print(done.stderr.strip(), flush=True)
        return False
    return True


def ship(found: list) -> None:
    with tempfile.NamedTemporaryFile("w") as file:
        json.dump(sorted(map(event, found), key=lambda one: one["timestamp"]), file)
        file.flush()
        sent = aws("create-log-stream", "--log-group-name", group, "--log-stream-name", stream) and aws(
            "put-log-events", "--log-group-name", group, "--log-stream-name", stream, "--log-events", f"file://{file.name}"
        )
    if sent:
        fresh = place.with_suffix(".new")
        fresh.write_text(found[-1]["__CURSOR"])
        fresh.replace(place)


place.parent.mkdir(parents=True, exist_ok=True)
while True:
    found = entries()
    if found:
        ship(found)
    time.sleep(10 if len(found) < 500 else 1)
