"""terminal.py STEPS COMMAND…: runs a command in a terminal of its own, and prints what was seen as JSON.

STEPS is a JSON list of [pattern, keys]: the keys are typed once the pattern is on the screen, after the last keys.
A command that does neither show the next pattern nor end within a minute is killed: its code is negative.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time

steps, command = json.loads(sys.argv[1]), sys.argv[2:]
ours, theirs = pty.openpty()
before = termios.tcgetattr(theirs)


def terminal() -> None:
    fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)


child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, preexec_fn=terminal)


def read(wanted: str | None) -> str:
    """What is printed until the pattern is seen, the command has ended, or a minute is over."""
    seen, deadline = b"", time.monotonic() + 60
    while time.monotonic() < deadline:
        ended = child.poll() is not None
        while select.select([ours], [], [], 0.1)[0]:
            seen += os.read(ours, 4096)
        if ended or (wanted is not None and re.search(wanted, seen.decode(errors="replace"))):
            return seen.decode(errors="replace")
    os.killpg(child.pid, signal.SIGKILL)
    return seen.decode(errors="replace")


text = ""
for wanted, keys in steps:
    text += read(wanted)
    os.write(ours, keys.encode())
text += read(None)
code = child.wait()
print(json.dumps({"code": code, "text": text, "same": before == termios.tcgetattr(theirs)}))
