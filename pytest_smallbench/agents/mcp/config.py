"""Files that name MCP servers, in the ``{"mcpServers": {NAME: ...}}`` shape that agents share."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pytest_smallbench.errors import UsageMistake

OPTION = "--smallbench-mcp"
NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
SECRET_LENGTH = 8  # characters; what is shorter hides nothing and would mask half a report
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


@dataclass(frozen=True)
class Server:
    """One server: a command (stdio) or a url (streamable HTTP)."""

    name: str
    command: str = ""
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str | None = None
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def secrets(self) -> set[str]:
        """What must be written nowhere: nobody can tell which of these values are harmless."""
        values = [*self.env.values(), *self.headers.values()]
        words = [word for value in values for word in (value, *value.split())]
        return {word for word in words if len(word) >= SECRET_LENGTH}


def read_servers(paths: Sequence[Path]) -> tuple[Server, ...]:
    """The servers of all files, in their order. Raises UsageMistake."""
    found: dict[str, Server] = {}
    for path in paths:
        for name, entry in _entries(path).items():
            if name in found:
                raise _mistake(path, f"server {name!r} is named twice; rename one")
            found[name] = _server(path, name, entry)
    return tuple(found.values())


def names(servers: Sequence[Server]) -> str:
    """``docs, tickets (a1b2c3d4e5f6)``: tells other servers apart, and holds no secret."""
    told = [
        [each.name, each.command, each.args, sorted(each.env), each.cwd, each.url, [*each.headers]]
        for each in servers
    ]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]
    return f"{', '.join(each.name for each in servers)} ({digest})"


def _entries(path: Path) -> dict[str, object]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _mistake(path, f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise _mistake(path, f"is not JSON: {error}") from None
    entries = data.get("mcpServers") if isinstance(data, dict) else None
    if not isinstance(entries, dict) or not entries:
        raise _mistake(path, 'holds no servers; write {"mcpServers": {NAME: {"command": ...}}}')
    return entries


def _server(path: Path, name: str, entry: object) -> Server:
    if not NAME.fullmatch(name):
        raise _mistake(path, f"server name {name!r}: use letters, digits, - and _, at most 40")
    if not isinstance(entry, dict) or ("command" in entry) == ("url" in entry):
        raise _mistake(path, f"server {name!r} needs either a command (with args, env) or a url")
    reader = _Entry(path, name, entry)
    cwd = reader.text("cwd")
    return Server(
        name,
        command=reader.text("command"),
        args=reader.texts("args"),
        env=reader.mapping("env"),
        cwd=str(path.parent.absolute() / cwd) if cwd else None,
        url=reader.text("url"),
        headers=reader.mapping("headers"),
    )


@dataclass(frozen=True)
class _Entry:
    """A server's entry, its values checked and ``${VARIABLE}`` in them filled in."""

    path: Path
    name: str
    values: Mapping[str, object]

    def text(self, key: str) -> str:
        return self._filled(key, self.values.get(key, ""))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise self._mistake(key, "a list of texts")
        return tuple(self._filled(key, value) for value in values)

    def mapping(self, key: str) -> dict[str, str]:
        values = self.values.get(key, {})
        if not isinstance(values, dict):
            raise self._mistake(key, "an object of texts")
        return {name: self._filled(key, value) for name, value in values.items()}

    def _filled(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self._mistake(key, "text")
        return _VARIABLE.sub(self._variable, value)

    def _variable(self, found: re.Match[str]) -> str:
        value = os.environ.get(found[1], found[2])
        if value is None:
            raise _mistake(
                self.path,
                f"server {self.name!r}: the environment has no {found[1]}; set it, or write "
                f"${{{found[1]}:-DEFAULT}}",
            )
        return value

    def _mistake(self, key: str, what: str) -> UsageMistake:
        return _mistake(self.path, f"server {self.name!r}: {key} must be {what}")


def _mistake(path: Path, what: str) -> UsageMistake:
    return UsageMistake(f"{OPTION}={path}: {what}")
