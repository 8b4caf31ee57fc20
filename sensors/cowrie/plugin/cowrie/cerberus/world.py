"""One visitor's world: Cowrie's tree of files, of which every session sees its own."""

from __future__ import annotations

import hashlib
import stat
from typing import Any

from cowrie.core import honeyfs
from cowrie.shell.fs import A_CONTENTS, A_CTIME, A_NAME, A_SIZE, A_TYPE, T_DIR, T_FILE


def put(world: Any, file: dict) -> dict | None:
    """Puts a file into one visitor's world and gives what he sees there; None where the place is his own.

    Cowrie's own way to write copies the whole tree first (246 ms were measured); this copies the folders on the way.
    """
    path = file["path"]
    if path.startswith("~"):
        path = world.home.rstrip("/") + path[1:]
    planted = world.__dict__.setdefault("cerberus_planted", {})
    standing = world.getfile(path, follow_symlinks=False)
    if path in planted:
        return see(world, path) if signature(standing) == planted[path] else None
    packaged = find(world.__dict__.get("cerberus_tree") or honeyfs.get_tree(), path)
    if standing is not None and signature(standing) != signature(packaged):
        return None
    folder = open_way(world, path, file)
    if folder is None:
        return None
    # A date that was seen already stays.
    changed_at = file["changedAt"] if standing is None else standing[A_CTIME]
    content, name = file["content"], path.rsplit("/", 1)[1]
    mode = stat.S_IFREG | file["mode"]
    node = [name, T_FILE, file["uid"], file["gid"], len(content), mode, changed_at, content, None, None]
    folder[A_CONTENTS] = [child for child in folder[A_CONTENTS] if child[A_NAME] != name] + [node]
    planted[path] = signature(node)
    return see(world, path)


def see(world: Any, path: str) -> dict:
    """What `ls` and `cat` of this visitor show, by Cowrie's own functions."""
    content = world.file_contents(path)
    return {"path": path, "size": world.stat(path).st_size, "sha256": hashlib.sha256(content).hexdigest()}


def signature(node: list | None) -> tuple | None:
    """What a visitor changes of a file that he writes or removes."""
    return None if node is None else (node[A_TYPE], node[A_SIZE], node[A_CTIME])


def find(tree: list, path: str) -> list | None:
    """The node as it came, links not followed."""
    node = tree
    for part in parts_of(path):
        children = node[A_CONTENTS]
        match = [child for child in children if child[A_NAME] == part] if isinstance(children, list) else []
        if not match:
            return None
        node = match[0]
    return node


def open_way(world: Any, path: str, file: dict) -> list | None:
    """Copies the folders on the way, so that the shared tree stays as it is; None where the way is no folder."""
    node = world.fs = list(world.fs)
    for name in parts_of(path)[:-1]:
        children = node[A_CONTENTS] = list(node[A_CONTENTS])
        index = next((at for at, child in enumerate(children) if child[A_NAME] == name), None)
        if index is None:
            # A folder that is made for a private file is private itself, as .aws and .ssh are.
            mode = stat.S_IFDIR | (0o700 if file["mode"] & 0o077 == 0 else 0o755)
            children.append([name, T_DIR, file["uid"], file["gid"], 4096, mode, file["changedAt"], [], None, None])
            index = -1
        elif children[index][A_TYPE] != T_DIR:
            return None
        else:
            children[index] = list(children[index])
        node = children[index]
    return node


def parts_of(path: str) -> list[str]:
    return [part for part in path.split("/") if part]
