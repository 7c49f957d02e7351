"""The published puzzles: ``lateral_en_<split>`` and ``lateral_zh_<split>`` of a folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_smallbench.selection import natural_key

from ...worlds import Record
from ..published_lines import Line, lines, split_group, text
from .puzzle import LANGUAGES, read_puzzle


def read(folder: Path) -> Iterable[Record]:
    """Every record of both languages, in natural order of the ids: ``lateral/en-dev-000``.

    Raises UsageMistake for a broken one.
    """
    found = [
        _record(line, language)
        for language in LANGUAGES
        for line in lines(folder, f"lateral_{language}")
    ]
    return sorted(found, key=lambda record: natural_key(record.id))


def _record(line: Line, language: str) -> Record:
    where, split, fields = line
    name = text(fields, "id", where).removeprefix(f"lateral-{language}-{split}-")
    kept = ("story", "truth", "story_keys", "truth_keys")
    data = {"lang": fields.get("lang", language)} | {key: fields.get(key) for key in kept}
    return Record(
        id=f"lateral/{language}-{split}-{name}",
        environment="lateral",
        instruction=read_puzzle(data, where).story,
        expected_output="solved",
        data=data,
        split=split_group(split),
    )
