"""Another world without a restart: whoever is here keeps the one he came into, who comes next is in the new one."""

from __future__ import annotations

import configparser
import pickle
from typing import Any

from cowrie.commands import uname
from cowrie.core import honeyfs
from cowrie.core.config import CowrieConfig, get_config_path, readConfigFile
from cowrie.core.honeyfs import read_honeyfs_bytes
from cowrie.shell.server import CowrieServer
from twisted.internet import reactor, tcp

# What Cowrie reads from the configuration at every call, with the function that reads it.
PINNED = ("kernel_name", "kernel_version", "kernel_build_string", "hardware_platform", "operating_system")
READ_NOW = {name: getattr(uname, name) for name in PINNED}

_pinned: dict[str, str] = {}


def reload_world() -> dict:
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
    run = uname.Command_uname.call

    def init(server: Any, realm: Any) -> None:
        begin(server, realm)
        server.cerberus_tree = honeyfs.get_tree()
        server.cerberus_uname = {name: READ_NOW[name]() for name in PINNED}

    def init_file_system(server: Any, home: str) -> None:
        now = honeyfs._tree
        honeyfs._tree = lambda: server.cerberus_tree
        try:
            open_world(server, home)
        finally:
            honeyfs._tree = now
        server.fs.cerberus_tree = server.cerberus_tree

    def call(command: Any) -> None:
        _pinned.update(getattr(command.protocol.user.server, "cerberus_uname", {}))
        try:
            run(command)
        finally:
            _pinned.clear()

    CowrieServer.__init__ = init
    CowrieServer.initFileSystem = init_file_system
    uname.Command_uname.call = call
    for name in PINNED:
        setattr(uname, name, lambda name=name: _pinned.get(name) or READ_NOW[name]())
