"""An attempt's record, step by step: JSON lines, written while it happens.

An event is ``{seq, time, kind, data}``; ``kind`` is one of start, request, response, call,
observation, error, grade, end. Each line is flushed at once, so that a killed process
leaves its evidence. Secrets are replaced before anything is written.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pytest_smallbench.contracts import Usage

SECRET_WORDS = ("KEY", "TOKEN", "SECRET", "PASSWORD")
NAME_LENGTH = 180  # leaves room for a suffix within the 255 bytes a file name may have


class Trajectory:
    """Writes one attempt's events to ``path``; the file appears with the first event."""

    def __init__(self, path: Path, secrets: Sequence[str] = ()) -> None:
        self.path = path
        self._secrets = tuple(secrets)
        self._count = 0
        self._ended = False
        self._lock = threading.Lock()

    def add(self, kind: str, /, **data: Any) -> None:
        """Append one event. ``data`` is JSON; what is not is written as its ``str``.

        After ``end`` nothing is added: an answer may come when nobody waits for it any more.
        """
        with self._lock:
            if not self._ended:
                self._add(kind, data)
                self._ended = kind == "end"

    def _add(self, kind: str, data: dict[str, Any]) -> None:
        event = {"seq": self._count, "time": round(time.time(), 3), "kind": kind, "data": data}
        line = masked(json.dumps(event, ensure_ascii=True, default=str), self._secrets)
        # Opened for each event: nothing is held back by a kill, and nothing is left open.
        if not self._count:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a" if self._count else "w", encoding="utf-8") as file:
            file.write(line + "\n")
        self._count += 1


def masked(line: str, secrets: Sequence[str]) -> str:
    """A line of ASCII JSON without these values, give the longest first."""
    for secret in secrets:
        line = line.replace(json.dumps(secret)[1:-1], "***")
    return line


def keep_earlier_try(path: Path) -> None:
    """Moves an earlier try's trajectory into ``try-1/``, ``try-2/``, ... beside it: the one
    at ``path`` is the last, and no evidence is lost to another try."""
    if not path.exists():
        return
    number = 1
    while (kept := path.parent / f"try-{number}" / path.name).exists():
        number += 1
    kept.parent.mkdir(exist_ok=True)
    path.rename(kept)


def read_events(path: Path) -> Iterator[dict[str, Any]]:
    """The events of a trajectory; a last line cut short by a kill is left out."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                return


def spent(path: Path) -> tuple[Usage, float | None]:
    """What a trajectory's model answers used and cost; of one that was never begun, nothing."""
    if not path.is_file():
        return Usage(), 0.0
    answers = [event["data"] for event in read_events(path) if event["kind"] == "response"]
    costs = [answer["cost_usd"] for answer in answers]
    usage = sum((Usage(**answer["usage"]) for answer in answers), Usage())
    return usage, None if None in costs else sum(costs)


def file_name(nodeid: str) -> str:
    """The trajectory's file name: the item's id, percent-encoded, shortened where needed."""
    name = quote(nodeid, safe="[]")
    if len(name) > NAME_LENGTH:
        import hashlib

        digest = hashlib.sha256(nodeid.encode()).hexdigest()[:16]
        name = f"{name[: NAME_LENGTH - 17]}-{digest}"
    return name + ".jsonl"


def trajectory_path(folder: Path, name: str) -> Path | None:
    """The file inside ``folder`` that a report names, if there is one: a report may come from
    anywhere, and must not bring another file of this machine into a page."""
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve() / "trajectories")
        return path if inside and path.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def environment_secrets() -> tuple[str, ...]:
    """Values of environment variables that sound secret, longest first; none may be written."""
    found = {
        value
        for name, value in os.environ.items()
        if len(value) >= 8 and any(word in name.upper() for word in SECRET_WORDS)
    }
    return tuple(sorted(found, key=len, reverse=True))
