"""Looks for texts in everything that this process may read: search-root.py SINCE, the texts on standard input, one a line.

Files changed since SINCE (seconds since 1970) on every file system but the kernel's, then every process's command line, environment and memory.
Prints a path for each find.
"""

import os
import sys

SINCE = float(sys.argv[1])
TEXTS = [line.encode() for line in sys.stdin.read().split()]
KERNEL = {"proc", "sys"}
looked = {"files": 0, "processes": 0}


def holds(path: str, kind: str) -> bool:
    try:
        with open(path, "rb") as file:
            looked[kind] += 1
            before = b""
            while part := file.read(1 << 20):
                if any(text in before + part for text in TEXTS):
                    return True
                before = part[-300:]
    except OSError:
        pass
    return False


def memory_holds(pid: str) -> bool:
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                first, last = (int(each, 16) for each in line.split()[0].split("-"))
                try:
                    memory.seek(first)
                    if any(text in memory.read(last - first) for text in TEXTS):
                        return True
                except (OSError, OverflowError, ValueError):
                    continue
    except OSError:
        pass
    return False


for folder, folders, files in os.walk("/"):
    if folder == "/":
        folders[:] = [name for name in folders if name not in KERNEL]
    for name in files:
        path = os.path.join(folder, name)
        try:
            state = os.lstat(path)
        except OSError:
            continue
        if state.st_mtime >= SINCE and os.path.isfile(path) and not os.path.islink(path) and holds(path, "files"):
            print(path)
for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) == os.getpid():
        continue
    for part in ("cmdline", "environ"):
        if holds(f"/proc/{pid}/{part}", "processes"):
            print(f"/proc/{pid}/{part}")
    if memory_holds(pid):
        print(f"/proc/{pid}/mem")
print(f"looked at {looked['files']} files and {looked['processes']} process files", file=sys.stderr)
