"""CerberusMesh in a Cowrie: plants a lure into the session that asks for it, and reloads without a restart.

Passive: it listens on a local socket (var/run/cerberus.sock) and does what the engine says there. When the engine
goes, its lures go with it, and Cowrie works as without this file. It leans on internals of Cowrie, so it refuses to
load into a version that it was not tried with; Cowrie then runs without it and says so in its log.
"""

from __future__ import annotations

import os
import stat
from typing import Any

import cowrie.core.output
from cowrie import __version__ as cowrie_version
from cowrie.cerberus import TRIED_WITH
from cowrie.cerberus.door import door_factory
from cowrie.cerberus.lures import Lures, follow_sessions, lures_failed
from cowrie.cerberus.persona import pin_worlds
from cowrie.cerberus.world import put
from cowrie.core.config import CowrieConfig
from cowrie.shell.fs import HoneyPotFilesystem
from twisted.internet import reactor
from twisted.logger import Logger

_log = Logger(namespace="cowrie.output.cerberus")


class Output(cowrie.core.output.Output):
    """Cowrie's door for plugins: start, stop, and every event before its command is run."""

    def start(self) -> None:
        test_cowrie()
        self.lures = Lures()
        self.port: Any = None
        follow_sessions(self.lures)
        pin_worlds()
        # Later, because twistd forks after this and the parent's socket would be gone.
        reactor.callWhenRunning(self.listen)

    def listen(self) -> None:
        path = CowrieConfig.get("output_cerberus", "socket", fallback="var/run/cerberus.sock")
        try:
            if os.path.lexists(path) and stat.S_ISSOCK(os.lstat(path).st_mode):
                os.unlink(path)  # left behind by a Cowrie that was killed
            self.port = reactor.listenUNIX(path, door_factory(self.lures, self.sensor), mode=0o660)
            _log.info("cerberus: listening at {path}", path=path)
        except Exception:
            _log.failure("cerberus: no socket at {path}; Cowrie goes on without it", path=path)

    def stop(self) -> None:
        if self.port is not None:
            self.port.stopListening()

    def write(self, event: dict[str, Any]) -> None:
        try:
            self.heard(event["eventid"], event.get("session", ""), event)
        except Exception:
            lures_failed()

    def heard(self, kind: str, session: str, event: dict[str, Any]) -> None:
        if kind == "cowrie.command.input":
            self.lures.asked(session, event["input"], event["time"])
        elif kind == "cowrie.client.version":
            self.lures.introduced(session, event.get("version", ""))
        elif kind == "cowrie.session.closed":
            self.lures.left(session)


def test_cowrie() -> None:
    """Plants into a world that nobody is in and looks at it. Raises RuntimeError, and Cowrie runs without us."""
    version = cowrie_version.__version__
    if version not in TRIED_WITH:
        raise RuntimeError(f"cerberus: made for Cowrie {' or '.join(TRIED_WITH)}, and this is {version}")
    world = HoneyPotFilesystem("linux-x64-lsb", "/root")
    file = {"path": "~/.cerberus-test/a", "content": b"test", "mode": 0o600, "uid": 0, "gid": 0, "changedAt": 1}
    seen = put(world, file)
    if seen is None or seen["size"] != 4 or world.file_contents("/root/.cerberus-test/a") != b"test":
        raise RuntimeError("cerberus: a file that was planted in a test world is not seen there")
    if HoneyPotFilesystem("linux-x64-lsb", "/root").exists("/root/.cerberus-test"):
        raise RuntimeError("cerberus: a file that was planted in one world is seen in another")
