"""Sets the key read from standard input in the local gateway's map: cline-set-key.py SOCKET MAP.

The map changes between two requests; streams that run go on. Nothing is printed that holds the key.
"""

import re
import socket
import sys

SECONDS = 10


def ask(path: str, command: str) -> str:
    """Sends one command to HAProxy's administration socket, and returns its answer: empty where the command succeeded."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(SECONDS)
        connection.connect(path)
        connection.sendall(f"{command}\n".encode())
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer.decode(errors="replace").strip()


def main() -> None:
    admin, keys = sys.argv[1:]
    key = sys.stdin.read().strip()
    # A command ends at a line end or a semicolon: nothing else than a key may pass.
    if not re.fullmatch(r"sk-[A-Za-z0-9_-]{8,250}", key):
        sys.exit("virtual key: found none, or none of LiteLLM's form; the local gateway keeps what it has")
    try:
        answer = ask(admin, f"set map {keys} current {key}")
    except OSError as fault:
        sys.exit(f"local gateway: {admin} does not answer ({type(fault).__name__}); systemctl status cline-gateway")
    if answer:
        sys.exit(f"local gateway: refused to set the key: {answer.replace(key, 'KEY')}")


if __name__ == "__main__":
    main()
