"""The published household tasks: ``house_<split>.jsonl[.gz]`` of a normalised folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_smallbench.selection import natural_key

from ...worlds import Record
from ..published_lines import Line, lines, split_group, text, texts
from .layout import read_layout


def read(folder: Path) -> Iterable[Record]:
    """Every record, in natural order of the ids. Raises UsageMistake for a broken one."""
    return sorted(map(_record, lines(folder, "house")), key=lambda record: natural_key(record.id))


def _record(line: Line) -> Record:
    where, split, fields = line
    name = text(fields, "id", where).removeprefix(f"house-{split}-")
    data = {
        "world": fields.get("world"),
        "goal": fields.get("goal"),
        "walkthrough": texts(fields, "walkthrough", where),
    }
    return Record(
        id=f"house/{split}-{name}",
        environment="house",
        instruction=read_layout(data, where).task,
        expected_output="task completed",
        data=data,
        split=split_group(split),
    )
