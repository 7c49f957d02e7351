"""A file of records in the cache: written by the controller, read by offset on the workers.

It is named by what it holds, so that it is never out of date and two processes that write it
write the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_smallbench.contracts import TaskEntry
from pytest_smallbench.errors import GradingError, UsageMistake


def write(
    folder: Path, records: Iterable[Mapping[str, Any]]
) -> tuple[Path, str, list[tuple[int, int]]]:
    """(the file, its digest, each record's offset and length). Raises UsageMistake."""
    lines = [json.dumps(record).encode() + b"\n" for record in records]
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    path = folder / f"{digest[:32]}.jsonl"
    if not path.exists():
        _put(path, lines)
    places, offset = [], 0
    for line in lines:
        places.append((offset, len(line)))
        offset += len(line)
    return path, digest, places


def read(path: Path, entry: TaskEntry) -> dict[str, Any]:
    """The entry's record. Raises GradingError where the file is no longer the same."""
    try:
        with path.open("rb") as file:
            file.seek(entry.offset)
            record: dict[str, Any] = json.loads(file.read(entry.length))
        if record["id"] == entry.id:
            return record
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise GradingError(f"record of {entry.id} cannot be read from {path}: {error}") from error
    raise GradingError(f"{path} has changed since it was written; delete it")


def _put(path: Path, lines: Sequence[bytes]) -> None:
    """Written beside the place and moved there in one step."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.writelines(lines)
        os.replace(scratch, path)
    except OSError as error:
        raise UsageMistake(
            f"cache folder {path.parent} cannot be written: {error.strerror or error}"
        ) from None
