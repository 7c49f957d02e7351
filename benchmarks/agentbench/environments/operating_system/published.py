"""Reads the published records of this environment: ``os_*.jsonl`` and ``os_*.jsonl.gz``."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.selection import natural_key

from ...worlds import Record
from .task import Broken, parse

_TEST = ("std", "standard", "test")
_FIELDS = ("init", "start", "evaluation", "example", "cwd", "home")


def read(folder: Path) -> Iterator[Record]:
    """Every record of the folder in natural order: ``os/std-4-N4-000`` is number
    ``os-std-4-N4-000`` of ``os_std.jsonl.gz``. Raises UsageMistake."""
    files = [path for pattern in ("*.jsonl", "*.jsonl.gz") for path in folder.glob(f"os_{pattern}")]
    for path in sorted(files, key=lambda one: natural_key(one.name)):
        split = path.name.removeprefix("os_").partition(".")[0]
        records = [_record(where, value, split) for where, value in _values(path)]
        yield from sorted(records, key=lambda record: natural_key(record.id))


def _values(path: Path) -> Iterator[tuple[str, object]]:
    """(``file:line``, JSON value) of each line that is not blank."""
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
    except (EOFError, zlib.error, OSError) as error:
        raise UsageMistake(f"dataset file {path} cannot be read: {error}") from None
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            try:
                yield f"{path}:{number}", json.loads(line)
            except ValueError as error:
                raise UsageMistake(f"{path}:{number} is not JSON: {error}") from None


def _record(where: str, value: object, split: str) -> Record:
    if not isinstance(value, dict):
        raise UsageMistake(f"{where}: a record must be a JSON object")
    own = _text(where, value, "id").removeprefix(f"os-{split}-")
    data = {name: value[name] for name in _FIELDS if value.get(name) is not None}
    try:
        parse(data)
    except Broken as error:
        raise UsageMistake(f"{where}: {error}") from None
    return Record(
        id=f"os/{split}-{own}",
        environment="os",
        instruction=_text(where, value, "description"),
        expected_output=_expected(data["evaluation"]) if "evaluation" in data else None,
        data=data,
        split="test" if split in _TEST else split,
    )


def _text(where: str, value: Mapping[str, Any], field: str) -> str:
    if not isinstance(value.get(field), str) or not value[field].strip():
        raise UsageMistake(f"{where}: {field} must be a text that is not empty")
    return str(value[field])


def _expected(rule: Mapping[str, Any]) -> str | None:
    """What is known beforehand: most answers depend on the system and are computed in it."""
    known = rule["match"].get("answer") if rule["kind"] == "match" else rule.get("expected")
    return None if known is None else str(known)
