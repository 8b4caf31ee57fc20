"""The forms of the engine's messages, checked before anything is done with them. The other half, with the same bounds,
is contract/src/cowrie-plugin.ts."""

from __future__ import annotations

import base64
import binascii
import json
import re
from ipaddress import ip_network

LINE_BYTES_MAX = 1 << 20
TRAPS_MAX = 64
WORDS_MAX = 64
KITS_MAX = 256
FILES_MAX = 64
NETWORKS_MAX = 1_000
CONTENT_BYTES_MAX = 65_536

PATH = re.compile(r"^(~|/[^/\0\n]{1,100})(/(?!\.{1,2}(/|$))[^/\0\n]{1,100}){1,16}$")
NAME = re.compile(r"^[A-Z][A-Z0-9_]{1,63}$")
IDENTIFIER = re.compile(r"^[0-9a-f-]{1,64}$")


class Refused(Exception):
    """Something that is not done; the text is for the engine."""


def read_message(line: bytes) -> dict:
    try:
        message = json.loads(line)
    except ValueError as error:
        raise Refused("the line is not JSON") from error
    need(isinstance(message, dict) and isinstance(message.get("op"), str), "a message is an object with an op")
    return message


def read_traps(value: object) -> list[tuple[str, tuple[str, ...]]]:
    traps = []
    for trap in read_list(value, TRAPS_MAX, "traps"):
        need(isinstance(trap, dict), "a trap is an object")
        words = read_list(trap.get("words"), WORDS_MAX, "words")
        traps.append((read_text(trap, "name", NAME), tuple(read_word(word) for word in words)))
    return traps


def read_files(value: object) -> list[dict]:
    return [read_file(file) for file in read_list(value, FILES_MAX, "files")]


def read_file(file: object) -> dict:
    need(isinstance(file, dict), "a file is an object")
    try:
        content = base64.b64decode(file.get("content"), validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise Refused("content is not base64") from error
    need(len(content) <= CONTENT_BYTES_MAX, f"content is longer than {CONTENT_BYTES_MAX} bytes")
    return {
        "trap": read_text(file, "trap", NAME),
        "path": read_text(file, "path", PATH),
        "content": content,
        "mode": read_number(file, "mode", 0o7777),
        "uid": read_number(file, "uid", 65_535),
        "gid": read_number(file, "gid", 65_535),
        "changedAt": read_number(file, "changedAt", 1 << 33),
    }


def read_spared(value: object) -> tuple[float, bytes]:
    if value is None:
        return (0.0, b"")
    need(isinstance(value, dict), "spared is an object")
    share = value.get("share")
    need(isinstance(share, (int, float)) and 0 <= share <= 1, "share is from 0 to 1")
    return (float(share), bytes.fromhex(read_text(value, "key", re.compile(r"([0-9a-f]{2}){1,64}"))))


def read_never(value: object) -> list:
    """Networks of the honeypot's own people."""
    return [ip_network(text, strict=False) for text in read_list(value or [], NETWORKS_MAX, "never")]


def read_text(message: dict, key: str, form: re.Pattern) -> str:
    value = message.get(key)
    need(isinstance(value, str) and len(value) <= 2_000 and form.fullmatch(value) is not None, f"{key} has another form")
    return value


def read_number(message: dict, key: str, highest: int) -> int:
    value = message.get(key)
    need(type(value) is int and 0 <= value <= highest, f"{key} is not a whole number up to {highest}")
    return value


def read_word(word: object) -> str:
    need(isinstance(word, str) and 2 <= len(word) <= 100, "a word has 2 to 100 characters")
    return word.lower()


def read_list(value: object, longest: int, name: str) -> list:
    need(isinstance(value, list) and len(value) <= longest, f"{name} is not a list of at most {longest}")
    return value


def need(holds: bool, sentence: str) -> None:
    if not holds:
        raise Refused(sentence)
