"""lateral: data/lateralthinkingpuzzle{,_zh}/{dev,standard}.xlsx (branch v0.2; story, truth and
both lists of keys in the first four columns)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pytest_smallbench.errors import UsageMistake

from .original import Raw, broken

ROOMS = {"en": "lateralthinkingpuzzle", "zh": "lateralthinkingpuzzle_zh"}
_NUMBER = re.compile(r"^\s*(?:\d+\s*[.、]|[-•])\s*")


def convert(data: Path) -> dict[str, list[Raw]]:
    """Records by language and split, as ``en_dev``."""
    found: dict[str, list[Raw]] = {}
    for language, room in ROOMS.items():
        for split in ("dev", "standard"):
            path = data / room / f"{split}.xlsx"
            if path.is_file():
                found[f"{language}_{split}"] = [
                    {"id": f"lateral-{language}-{split}-{number:03d}", "lang": language,
                     "split": split, **_record(row, f"{path}, row {number + 2}")}
                    for number, row in enumerate(_rows(path))
                ]  # fmt: skip
    return found


def keys(column: str) -> list[str]:
    """A column of numbered or dashed lines, without their numbers."""
    lines = (_NUMBER.sub("", line).strip() for line in column.splitlines())
    return [line for line in lines if line]


def _record(row: list[str], where: str) -> Raw:
    for name, value in zip(("story", "truth", "story keys", "truth keys"), row, strict=True):
        if not value:
            broken(where, name, "a text")
    story, truth, story_keys, truth_keys = row
    return {
        "story": story,
        "truth": truth,
        "story_keys": keys(story_keys),
        "truth_keys": keys(truth_keys),
        "raw_story_key": story_keys,
        "raw_truth_key": truth_keys,
        "extra": {},
    }


def _rows(path: Path) -> Iterator[list[str]]:
    """The first four cells of each row below the head, as texts; empty rows are passed over."""
    try:
        from openpyxl import load_workbook  # type: ignore[import-untyped]  # it brings no types
    except ImportError:
        raise UsageMistake(
            f"{path}: reading Excel files needs openpyxl; pip install 'pytest-smallbench[convert]'"
        ) from None
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # zipfile's, XML parsers' and openpyxl's own
        raise UsageMistake(f"{path} cannot be read as an Excel file: {error}") from None
    try:
        for row in book.worksheets[0].iter_rows(min_row=2, max_col=4, values_only=True):
            cells = ["" if value is None else str(value).strip() for value in row]
            if any(cells):
                yield [*cells, "", "", "", ""][:4]
    finally:
        book.close()
