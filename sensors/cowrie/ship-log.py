#!/usr/bin/env python3
"""Follows Cowrie's JSON log and pushes it to CerberusMesh (POST /ingest/events), over rotation, restarts and outages.

    CERBERUS_TOKEN=cm_… ship-log.py LOG STATE URL [--once]

Python's own library alone, for a machine that has nothing else. What the server says is durable is written to STATE;
after a crash some lines are sent again, which the server knows by their content. `--once` ends at the end of the log.
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request

BODY_BYTES = 1 << 20
LINE_BYTES_MAX = 16 << 20
IDLE_SECONDS = 0.5
WAIT_SECONDS_MAX = 60


def main() -> None:
    log, state_path, url = sys.argv[1:4]
    state = read_state(state_path)
    wait = 1
    while True:
        path = place_of(log, state)
        body = read_lines(path, state["offset"]) if path else b""
        if body:
            if push(url, body, f"{state['inode']}-{state['offset']}-{len(body)}"):
                state["offset"] += len(body)
                write_state(state_path, state)
                wait = 1
            else:
                time.sleep(wait)
                wait = min(wait * 2, WAIT_SECONDS_MAX)
        elif path and not go_on(log, path, state):
            if "--once" in sys.argv:
                return
            time.sleep(IDLE_SECONDS)
        elif not path:
            time.sleep(IDLE_SECONDS)


def files_of(log: str) -> list[str]:
    """Oldest first: Cowrie renames its log to the day that it ends, so names sort by time, and the live one is last."""
    folder, name = os.path.split(os.path.abspath(log))
    rotated = sorted(other for other in os.listdir(folder) if other.startswith(f"{name}.")) if os.path.isdir(folder) else []
    return [os.path.join(folder, other) for other in [*rotated, name] if os.path.exists(os.path.join(folder, other))]


def place_of(log: str, state: dict) -> str | None:
    """The file that was read last, whatever its name is now; where it is gone, the oldest that is there, from its start."""
    files = files_of(log)
    for path in files:
        status = os.stat(path)
        if status.st_ino == state["inode"] and status.st_size >= state["offset"]:
            return path
    if not files:
        return None
    state.update(inode=os.stat(files[0]).st_ino, offset=0)
    return files[0]


def go_on(log: str, path: str, state: dict) -> bool:
    """To the next file, where this one has ended."""
    files = files_of(log)
    if path not in files or path == files[-1]:
        return False
    state.update(inode=os.stat(files[files.index(path) + 1]).st_ino, offset=0)
    return True


def read_lines(path: str, offset: int) -> bytes:
    """Whole lines only: the last one may still be being written."""
    with open(path, "rb") as file:
        file.seek(offset)
        body = file.read(BODY_BYTES)
        if b"\n" not in body:
            body += file.read(LINE_BYTES_MAX)
    return body[: body.rfind(b"\n") + 1]


def push(url: str, body: bytes, key: str) -> bool:
    headers = {
        "Authorization": f"Bearer {os.environ['CERBERUS_TOKEN']}",
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": key,
    }
    request = urllib.request.Request(f"{url.rstrip('/')}/ingest/events", data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError) as error:
        print(f"not taken, tried again: {error}", file=sys.stderr, flush=True)
        return False


def read_state(path: str) -> dict:
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {"inode": 0, "offset": 0}


def write_state(path: str, state: dict) -> None:
    with open(f"{path}.new", "w") as file:
        json.dump(state, file)
    os.replace(f"{path}.new", path)


if __name__ == "__main__":
    main()
