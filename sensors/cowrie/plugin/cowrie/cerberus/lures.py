"""What lies ready, what was given to whom, and who is here."""

from __future__ import annotations

import hmac
import time
import weakref
from collections import OrderedDict
from ipaddress import ip_address
from typing import Any, Callable

from cowrie.cerberus.world import put
from cowrie.shell.protocol import HoneyPotBaseProtocol

# About 15 KB each; the attacker who has not come back for longest is forgotten first.
ATTACKERS_MAX = 1_000
REPORTS_MAX = 1_000
EXPECTED_MAX = 32
EXPECTED_SECONDS = 60
COMMAND_CHARACTERS_MAX = 16_384
REPORTED_CHARACTERS_MAX = 500


class Lures:
    def __init__(self) -> None:
        # By session: the shells that are open in it, one for each channel.
        self.shells: dict[str, weakref.WeakSet] = {}
        self.probes: set[str] = set()
        self.expected: OrderedDict[str, float] = OrderedDict()
        self.tell: Callable[[dict], None] | None = None
        self.traps: list[tuple[str, tuple[str, ...]]] = []
        self.spared: tuple[float, bytes] = (0.0, b"")
        self.never: list = []
        self.kits: OrderedDict[str, dict] = OrderedDict()
        # By address: the kit, its files by trap, and the traps that were asked for.
        self.given: OrderedDict[str, tuple[str, dict, list[str]]] = OrderedDict()
        self.reports: OrderedDict[int, dict] = OrderedDict()
        self.reported: dict[str, set[str]] = {}
        self.sequence = 0

    def disarm(self) -> None:
        """What visitors have found stays in their sessions; nothing is planted any more."""
        self.tell, self.traps = None, []
        self.kits.clear()
        self.given.clear()

    def expect(self, version: str) -> None:
        """A visit of the engine's probe, which must see what everybody sees."""
        self.expected[version] = time.time() + EXPECTED_SECONDS
        while len(self.expected) > EXPECTED_MAX:
            self.expected.popitem(last=False)

    def introduced(self, session: str, version: str) -> None:
        if self.expected.pop(version, 0.0) > time.time():
            self.probes.add(session)

    def entered(self, session: str, shell: Any) -> None:
        """A visitor who has found something finds it again, in every channel and after every return."""
        self.shells.setdefault(session, weakref.WeakSet()).add(shell)
        known = self.given.get(shell.events.identity.get("src_ip", ""))
        if known is None or session in self.probes:
            return
        _, files, found = known
        for file in [file for trap in found for file in files.get(trap, [])]:
            put(shell.fs, file)

    def left(self, session: str) -> None:
        self.shells.pop(session, None)
        self.reported.pop(session, None)
        self.probes.discard(session)

    def asked(self, session: str, text: str, at: float) -> None:
        """Called before the command runs: what it asks for is there when it looks."""
        if not self.traps or session in self.probes or session not in self.shells:
            return
        lowered = text[:COMMAND_CHARACTERS_MAX].lower()
        hits = [name for name, words in self.traps if any(word in lowered for word in words)]
        shells = self.open_shells(session) if hits else []
        known = self.kit_of(shells[0].events.identity.get("src_ip", "")) if shells else None
        if known is None:
            return
        kit, files, found = known
        for trap in hits:
            if trap not in found:
                found.append(trap)
            self.plant(session, shells, files.get(trap, []), {"kit": kit, "trap": trap, "at": at, "input": text})

    def plant(self, session: str, shells: list, files: list[dict], cause: dict) -> None:
        seen: dict[str, dict] = {}
        for shell in shells:
            for sight in [put(shell.fs, file) for file in files]:
                if sight is not None:
                    seen[sight["path"]] = sight
        traps = self.reported.setdefault(session, set())
        if seen and cause["trap"] not in traps:
            traps.add(cause["trap"])
            self.report(shells[0].events.identity, list(seen.values()), cause)

    def open_shells(self, session: str) -> list:
        return [shell for shell in self.shells.get(session, ()) if shell.fs is not None]

    def every_shell(self) -> list:
        return [shell for session in self.shells for shell in self.open_shells(session)]

    def kit_of(self, address: str) -> tuple[str, dict, list[str]] | None:
        """The one that this attacker has, or the next that lies ready; None for who is spared, and in want."""
        if address in self.given:
            self.given.move_to_end(address)
            return self.given[address]
        if not self.kits or self.is_spared(address):
            return None
        kit, files = self.kits.popitem(last=False)
        self.given[address] = (kit, files, [])
        while len(self.given) > ATTACKERS_MAX:
            self.given.popitem(last=False)
        return self.given[address]

    def is_spared(self, address: str) -> bool:
        """Our own people, and attackers of the control group, told by the engine's own hash; they get no adaptation."""
        if self.never and is_within(address, self.never):
            return True
        share, key = self.spared
        if share < 1 and (address.startswith("127.") or address == "::1"):
            return False
        return share > 0 and int.from_bytes(hmac.digest(key, address.encode(), "sha256")[:4], "big") / 2**32 < share

    def report(self, identity: dict, seen: list[dict], cause: dict) -> None:
        """Kept until the engine says that it is stored."""
        self.sequence += 1
        self.reports[self.sequence] = {
            "op": "planted",
            "seq": self.sequence,
            **cause,
            "input": cause["input"][:REPORTED_CHARACTERS_MAX],
            **{key: str(identity.get(key, "")) for key in ("session", "src_ip", "protocol")},
            "files": seen,
            "kitsLeft": len(self.kits),
        }
        while len(self.reports) > REPORTS_MAX:
            self.reports.popitem(last=False)
        if self.tell is not None:
            self.tell(self.reports[self.sequence])


def is_within(address: str, networks: list) -> bool:
    try:
        return any(ip_address(address) in network for network in networks)
    except ValueError:
        return False


def follow_sessions(lures: Lures) -> None:
    """Hears of every shell, SSH or telnet, when it begins."""
    begin = HoneyPotBaseProtocol.connectionMade

    def connection_made(shell: Any) -> None:
        begin(shell)
        try:
            lures.entered(shell.events.identity["session"], shell)
        except Exception:
            lures_failed()

    HoneyPotBaseProtocol.connectionMade = connection_made


def lures_failed() -> None:
    """A fault of ours must not cost a visitor his session."""
    from twisted.logger import Logger

    Logger(namespace="cowrie.output.cerberus").failure("cerberus: a lure failed; the session goes on without it")
