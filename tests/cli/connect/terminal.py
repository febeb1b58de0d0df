"""terminal.py KEYS COMMAND…: runs a command in a terminal of its own, types KEYS once it asks for a code, and prints what was seen as JSON."""

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios

keys, command = sys.argv[1].encode(), sys.argv[2:]
ours, theirs = pty.openpty()
before = termios.tcgetattr(theirs)


def terminal() -> None:
    fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)


child = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, preexec_fn=terminal)
text, typed = b"", False
while not typed:
    text += os.read(ours, 4096)
    typed = b": " in text.partition(b"MFA code of")[2] or child.poll() is not None
os.write(ours, keys)
code = child.wait(timeout=60)
after = termios.tcgetattr(theirs)
os.close(theirs)
try:
    while part := os.read(ours, 4096):
        text += part
except OSError:
    pass  # The end of a terminal whose programs are gone.
print(json.dumps({"code": code, "text": text.decode(), "same": before == after}))
