#!/usr/bin/env bash
# redis-py 8.1.0, redis.asyncio with socket_timeout, as gateways use it to count limits.
# Expected: socket_timeout bounds how long the server may take; an answer that lies in the socket in time is returned.
# Seen: the clock runs on while other work holds the event loop; an answer that came in time is thrown away and TimeoutError raised. A worker
# that is only busy looks like an outage of the server.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check redis==8.1.0
cat > "$work/main.py" <<'PY'
import asyncio
import socket
import threading
import time

import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

received, answered = [], []


def serve(listener: socket.socket) -> None:
    """Answers every command with one line after a tenth of a second, from a thread of its own."""
    connection, _ = listener.accept()
    while connection.recv(65536):
        received.append(time.monotonic())
        time.sleep(0.1)
        connection.sendall(b"+PONG\r\n")
        answered.append(time.monotonic())


async def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    client = redis.asyncio.Redis(
        port=listener.getsockname()[1], socket_timeout=0.5, protocol=2, driver_info=None, retry=Retry(NoBackoff(), 0)
    )
    await client.ping()
    call = asyncio.create_task(client.ping())
    while len(received) == 1:
        await asyncio.sleep(0)
    time.sleep(1)
    late = answered[1] - received[1]
    try:
        ended = str(await call)
    except redis.TimeoutError:
        ended = "TimeoutError"
    print(f"redis {redis.__version__}: answered {'within 0.3 s' if late < 0.3 else 'late'}, socket_timeout 0.5 s, loop held for 1 s: {ended}")


asyncio.run(main())
PY
seen="$("$work/venv/bin/python" "$work/main.py" 2> /dev/null)"
echo "$seen"
grep -q 'answered within 0.3 s, socket_timeout 0.5 s, loop held for 1 s: TimeoutError$' <<< "$seen"
