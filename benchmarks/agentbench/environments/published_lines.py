"""Files of published records, and their fields, checked: file, line and field in each error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.record_sources import SUFFIXES, content, parsed_lines

_TEST_SPLITS = ("std", "standard", "valid_seen", "valid_unseen")


class Line(NamedTuple):
    """One record as it was written. ``where`` is its file and line; ``split`` is the part of
    the file's name after the prefix."""

    where: str
    split: str
    fields: Mapping[str, object]


def lines(folder: Path, prefix: str) -> Iterator[Line]:
    """The records of ``<prefix>_<split>.jsonl[.gz]``, file by file in the order of their
    names; blank lines are passed over. Raises UsageMistake."""
    for path in sorted(folder.glob(f"{prefix}_*")):
        if path.name.endswith(SUFFIXES):
            split = path.name[len(prefix) + 1 :].partition(".")[0]
            yield from _lines(path, split)


def split_group(split: str) -> str:
    """``dev`` or ``test`` for the names that the published splits go by, else the name."""
    return "test" if split in _TEST_SPLITS else split


def text(fields: Mapping[str, object], name: str, where: str) -> str:
    """A field that must be a text with something in it."""
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise broken(where, name, "a text", value)
    return value


def texts(fields: Mapping[str, object], name: str, where: str) -> list[str]:
    """A field that must be a list of texts."""
    value = fields.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise broken(where, name, "a list of texts", value)
    return value


def mapping(fields: Mapping[str, object], name: str, where: str) -> Mapping[str, object]:
    """A field that must be an object."""
    value = fields.get(name)
    if not isinstance(value, Mapping):
        raise broken(where, name, "an object", value)
    return value


def broken(where: str, name: str, wanted: str, value: object) -> UsageMistake:
    """The mistake to raise for a field that is not ``wanted``."""
    found = "missing" if value is None else f"{str(value)[:40]!r}"
    return UsageMistake(f"{where}: field {name!r} must be {wanted}; it is {found}")


def _lines(path: Path, split: str) -> Iterator[Line]:
    for where, value in parsed_lines(str(path), content(path, str(path))):
        if not isinstance(value, Mapping):
            raise UsageMistake(f"{where}: a record must be a JSON object; it is {str(value)[:40]}")
        yield Line(where, split, value)
