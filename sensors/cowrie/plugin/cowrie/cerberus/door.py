"""The socket: one JSON object per line, each answered by one of the same id."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from cowrie import __version__ as cowrie_version
from cowrie.cerberus.messages import (
    IDENTIFIER,
    KITS_MAX,
    LINE_BYTES_MAX,
    Refused,
    need,
    read_files,
    read_message,
    read_number,
    read_never,
    read_spared,
    read_text,
    read_traps,
)
from cowrie.cerberus.persona import reload_world
from cowrie.cerberus.world import put
from twisted.internet.protocol import Factory
from twisted.logger import Logger
from twisted.protocols.basic import LineOnlyReceiver

if TYPE_CHECKING:
    from cowrie.cerberus.lures import Lures

PROTOCOL = 1
CLIENTS_MAX = 8
# An engine that stops reading is left before its answers fill the memory.
UNSENT_BYTES_MAX = 8 << 20

_log = Logger(namespace="cowrie.output.cerberus")


class Door(LineOnlyReceiver):
    delimiter = b"\n"
    MAX_LENGTH = LINE_BYTES_MAX

    def __init__(self, lures: Lures, sensor: str, doors: list[Door]) -> None:
        self.lures, self.sensor, self.doors = lures, sensor, doors
        self.answers = {
            "arm": self.arm,
            "disarm": self.disarm,
            "stock": self.stock,
            "plant": self.plant,
            "expect": self.expect,
            "sessions": self.sessions,
            "reload": lambda _message: reload_world(lures.every_shell()),
        }

    def connectionMade(self) -> None:
        self.say({"op": "hello", "protocol": PROTOCOL, "cowrie": cowrie_version.__version__, "sensor": self.sensor})

    def connectionLost(self, reason: Any = None) -> None:
        self.doors.remove(self)
        if self.lures.tell == self.say:
            self.lures.disarm()

    def say(self, message: dict) -> None:
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        waiting = getattr(self.transport, "_tempDataLen", 0) + len(getattr(self.transport, "dataBuffer", b""))
        if waiting + len(line) > UNSENT_BYTES_MAX:
            self.transport.abortConnection()
        else:
            self.transport.write(line)

    def lineReceived(self, line: bytes) -> None:
        try:
            message = read_message(line)
        except Refused as refusal:
            self.say({"op": "refused", "id": 0, "why": str(refusal)})
            return
        if message["op"] == "ack":
            self.lures.reports.pop(message.get("seq"), None)
            return
        self.say({"id": message.get("id") if type(message.get("id")) is int else 0, **self.answer(message)})

    def answer(self, message: dict) -> dict:
        try:
            need(message["op"] in self.answers, "this op is not known")
            return {"op": "done", **(self.answers[message["op"]](message) or {})}
        except (Refused, ValueError) as refusal:
            return {"op": "refused", "why": str(refusal)}
        except Exception as error:
            _log.failure("cerberus: a message failed")
            return {"op": "refused", "why": f"it failed inside of Cowrie: {type(error).__name__}"}

    def arm(self, message: dict) -> None:
        """Lures last as long as this connection; what an earlier engine armed is forgotten."""
        traps, spared = read_traps(message.get("traps")), read_spared(message.get("spared"))
        never = read_never(message.get("never"))
        self.lures.disarm()
        self.lures.never = never
        self.lures.traps, self.lures.spared, self.lures.tell = traps, spared, self.say
        for report in list(self.lures.reports.values()):
            self.say(report)

    def disarm(self, _message: dict) -> None:
        self.lures.disarm()

    def stock(self, message: dict) -> dict:
        need(self.lures.tell == self.say, "arm first")
        need(len(self.lures.kits) < KITS_MAX, f"{KITS_MAX} kits lie ready already")
        files: dict[str, list[dict]] = {}
        for file in read_files(message.get("files")):
            files.setdefault(file["trap"], []).append(file)
        self.lures.kits[read_text(message, "kit", IDENTIFIER)] = files
        return {"kitsLeft": len(self.lures.kits)}

    def plant(self, message: dict) -> dict:
        """Into every shell of one live session, now."""
        shells = self.lures.open_shells(read_text(message, "session", IDENTIFIER))
        need(len(shells) > 0, "no shell is open in this session")
        sights = [put(shell.fs, file) for shell in shells for file in read_files(message.get("files"))]
        seen = {sight["path"]: sight for sight in sights if sight is not None}
        return {"files": list(seen.values())}

    def expect(self, message: dict) -> None:
        self.lures.expect(read_text(message, "version", re.compile(r"SSH-2\.0-[ -~]{1,200}")))

    def sessions(self, message: dict) -> dict:
        read_number(message, "id", 1 << 53)
        here = [session for session in self.lures.shells if self.lures.open_shells(session)]
        return {"sessions": [session for session in here if session not in self.lures.probes]}


def door_factory(lures: Lures, sensor: str) -> Factory:
    factory = Factory()
    factory.noisy = False
    doors: list[Door] = []

    def build(_address: Any) -> Door | None:
        if len(doors) >= CLIENTS_MAX:
            return None
        doors.append(Door(lures, sensor, doors))
        return doors[-1]

    factory.buildProtocol = build
    return factory
