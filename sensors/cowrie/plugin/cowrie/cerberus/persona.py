"""Another world without a restart: whoever is here keeps the one he came into, who comes next is in the new one."""

from __future__ import annotations

import configparser
import contextlib
import pickle
from typing import Any, Iterator

from cowrie.cerberus.world import find
from cowrie.core import honeyfs
from cowrie.core.config import CowrieConfig, get_config_path, readConfigFile
from cowrie.core.honeyfs import read_honeyfs_bytes
from cowrie.shell.fs import A_CONTENTS, A_REALFILE
from cowrie.shell.protocol import HoneyPotBaseProtocol
from cowrie.shell.server import CowrieServer
from twisted.internet import reactor, tcp

# What Cowrie reads from the configuration while a command runs.
PINNED = (
    ("honeypot", "txtcmds_path"),
    ("shell", "kernel_name"),
    ("shell", "kernel_version"),
    ("shell", "kernel_build_string"),
    ("shell", "hardware_platform"),
    ("shell", "operating_system"),
    ("shell", "ssh_version"),
)


def reload_world(shells: list) -> dict:
    """Reads configuration and pickle again. A fault in either raises ValueError, and nothing has changed then."""
    fresh = readConfigFile(get_config_path())
    tree_path = fresh.get("shell", "filesystem", fallback="")
    try:
        version = fresh.get("ssh", "version").encode("ascii")
        if tree_path:
            with open(tree_path, "rb") as file:
                root = pickle.load(file)
            if not (isinstance(root, list) and len(root) == 10 and root[0] == "/"):
                raise ValueError(f"{tree_path} holds no tree of files")
    except (configparser.Error, OSError, EOFError, pickle.UnpicklingError, UnicodeError) as error:
        raise ValueError(f"the new world cannot be read: {error}") from error
    if not version.startswith(b"SSH-2.0-"):
        raise ValueError(f"[ssh] version is {version!r}, which no SSH client would take")
    for shell in shells:
        keep_banner(shell.user.server)
    replace_configuration(fresh)
    honeyfs._tree.cache_clear()
    renew_factories(version)
    return {"hostname": CowrieConfig.get("honeypot", "hostname", fallback="svr04"), "sshVersion": version.decode()}


def replace_configuration(fresh: Any) -> None:
    """In the one object that all of Cowrie has imported. Its uuid was made at the start and is in no file."""
    uuid = CowrieConfig.get("honeypot", "uuid", fallback="unknown")
    for section in CowrieConfig.sections():
        CowrieConfig.remove_section(section)
    for section in fresh.sections():
        CowrieConfig.add_section(section)
        for key, value in fresh.items(section, raw=True):
            CowrieConfig.set(section, key, value)
    CowrieConfig.set("honeypot", "uuid", uuid)


def renew_factories(version: bytes) -> None:
    """What SSH says first, and telnet's banner: both were read when Cowrie started."""
    for port in reactor.getReaders():
        factory = getattr(port, "factory", None) if isinstance(port, tcp.Port) else None
        if hasattr(factory, "ourVersionString"):
            factory.ourVersionString = version
        if hasattr(factory, "banner"):
            factory.banner = read_honeyfs_bytes("etc/issue.net")


def pin_worlds() -> None:
    """Ties a visitor to the world of his login: without this, `uname` changes in front of him and /proc does not."""
    begin, open_world = CowrieServer.__init__, CowrieServer.initFileSystem
    find_command, run_command = HoneyPotBaseProtocol.getCommand, HoneyPotBaseProtocol.call_command

    def init(server: Any, realm: Any) -> None:
        begin(server, realm)
        server.cerberus_tree = honeyfs.get_tree()
        server.cerberus_banner = read_honeyfs_bytes("etc/issue.net")
        server.cerberus_options = {pair: CowrieConfig.get(*pair, fallback="") for pair in PINNED}

    def init_file_system(server: Any, home: str) -> None:
        now = honeyfs._tree
        is_past = server.cerberus_tree is not honeyfs.get_tree()
        honeyfs._tree = lambda: server.cerberus_tree
        try:
            open_world(server, home)
        finally:
            honeyfs._tree = now
        server.fs.cerberus_tree = server.cerberus_tree
        if is_past:
            keep_banner(server)

    def get_command(shell: Any, *args: Any) -> Any:
        with as_at_login(shell.user.server):
            return find_command(shell, *args)

    def call_command(shell: Any, *args: Any) -> Any:
        with as_at_login(shell.user.server):
            return run_command(shell, *args)

    CowrieServer.__init__, CowrieServer.initFileSystem = init, init_file_system
    HoneyPotBaseProtocol.getCommand, HoneyPotBaseProtocol.call_command = get_command, call_command


def keep_banner(server: Any) -> None:
    """The one file that is read from disk at every access and names the host."""
    server.fs._ensure_private_fs()
    banner = find(server.fs.fs, "/etc/issue.net")
    if banner is not None:
        banner[A_CONTENTS], banner[A_REALFILE] = server.cerberus_banner, None


@contextlib.contextmanager
def as_at_login(server: Any) -> Iterator[None]:
    """The configuration as this visitor found it; nobody else runs meanwhile, because Cowrie has one thread."""
    then = getattr(server, "cerberus_options", {})
    now = {pair: CowrieConfig.get(*pair, fallback="") for pair in then}
    changed = {pair: value for pair, value in then.items() if now[pair] != value}
    for (section, option), value in changed.items():
        CowrieConfig.set(section, option, value.replace("$", "$$"))
    try:
        yield
    finally:
        for section, option in changed:
            CowrieConfig.set(section, option, now[section, option].replace("$", "$$"))
