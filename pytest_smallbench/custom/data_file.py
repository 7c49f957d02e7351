"""``@tasks_from("tasks.jsonl")``: a test for each record of a file of JSON lines beside it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from pytest_smallbench.custom.entry import KEYWORDS, MARK

FEW = 1 << 20  # bytes; of a larger file collection keeps the ids, and a test reads its record


class Record(Mapping[str, Any]):
    """A line of the file, read when it is looked into."""

    def __init__(self, path: Path, offset: int) -> None:
        self._path = path
        self._offset = offset

    @cached_property
    def _values(self) -> dict[str, Any]:
        with self._path.open("rb") as lines:
            lines.seek(self._offset)
            values: dict[str, Any] = json.loads(lines.readline())
        return values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def tasks_from(file: str, argument: str = "record") -> pytest.MarkDecorator:
    """Parametrizes a test with the records of ``file``, which lies beside the test's file.

    The test gets each as ``argument``, a mapping. Every record has a field ``id``, which names
    its item; fields that are keywords of the mark smallbench (``tags``, ``expected``,
    ``reference``, ``timeout``, ...) stand for that mark.
    """
    path = Path(sys._getframe(1).f_globals["__file__"]).parent / file
    return pytest.mark.parametrize(argument, list(_parameters(path)))


def _parameters(path: Path) -> Iterator[Any]:
    lines_of: dict[str, int] = {}
    offset = 0
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            values = _parsed(path, number, line)
            id = values["id"]
            if id in lines_of:
                raise _mistake(path, number, f"id {id!r} is on line {lines_of[id]} already")
            lines_of[id] = number
            given = {name: values[name] for name in KEYWORDS if values.get(name) is not None}
            record = values if path.stat().st_size <= FEW else Record(path, offset)
            yield pytest.param(record, id=id, marks=getattr(pytest.mark, MARK)(**given))
        offset += len(line)


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines(keepends=True)
    except OSError as error:
        raise pytest.Collector.CollectError(f"{path}: {error.strerror}") from None


def _parsed(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except UnicodeDecodeError:
        raise _mistake(path, number, "not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        why = getattr(error, "msg", "nested too deeply")
        raise _mistake(path, number, f"not JSON ({why})") from None
    if not isinstance(values, dict):
        raise _mistake(path, number, "not a JSON object")
    if not isinstance(values.get("id"), str) or not values["id"]:
        raise _mistake(path, number, "field 'id' must be a text that names the task")
    for name, (allowed, holds) in KEYWORDS.items():
        if values.get(name) is not None and not holds(values[name]):
            raise _mistake(path, number, f"field {name!r} must be {allowed}")
    return values


def _mistake(path: Path, number: int, what: str) -> Exception:
    return pytest.Collector.CollectError(f"{path}, line {number}: {what}")
