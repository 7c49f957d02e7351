"""Reading the original's data files, with the place of whatever is wrong in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from pytest_smallbench.errors import UsageMistake

Raw = Mapping[str, Any]


def json_records(path: Path) -> list[tuple[str, Raw]]:
    """(place, record) of a JSON file: a list of objects, or one object alone."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageMistake(f"{path} cannot be read as JSON: {error}") from None
    rows = content if isinstance(content, list) else [content]
    return [(f"{path}, record {number}", _object(row, path)) for number, row in enumerate(rows)]


def line_records(path: Path) -> list[tuple[str, Raw]]:
    """(place, record) of each line of a JSON lines file."""
    from pytest_smallbench import record_sources

    (file,) = record_sources.local_files(str(path))
    return [(where, _object(row, path)) for where, row in record_sources.parsed_lines(*file)]


def text(record: Raw, name: str, where: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        broken(where, name, "a text")
    return value


def texts(record: Raw, name: str, where: str) -> list[str]:
    """A list of texts and numbers, as texts."""
    value = record.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str):
        broken(where, name, "a list")
    return [str(part) for part in value]


def broken(where: str, name: str, wanted: str) -> NoReturn:
    raise UsageMistake(f"{where}: field {name!r} must be {wanted}")


def _object(row: object, path: Path) -> Raw:
    if not isinstance(row, Mapping):
        raise UsageMistake(f"{path}: every record must be a JSON object, one is {row!r:.40}")
    return row
