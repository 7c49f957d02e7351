"""The published graph tasks: ``kg_<split>.jsonl[.gz]`` of a normalised folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_smallbench.selection import natural_key

from ...worlds import Record
from ..published_lines import Line, lines, split_group, text
from .problem import problem_of
from .variables import answer_line

FIELDS = ("entities", "gold_actions", "answer_ids", "micro_kg")
"""What of a published record the environment needs."""


def read(folder: Path) -> Iterable[Record]:
    """Every record, in natural order of the ids. Raises UsageMistake for a broken one."""
    tasks = (line for line in lines(folder, "kg") if line.split != "schema")
    return sorted(map(_record, tasks), key=lambda record: natural_key(record.id))


def _record(line: Line) -> Record:
    where, split, fields = line
    name = text(fields, "id", where).removeprefix(f"kg-{split}-")
    data = {key: fields.get(key) for key in FIELDS}
    return Record(
        id=f"kg/{split}-{name}",
        environment="kg",
        instruction=text(fields, "question", where),
        expected_output=answer_line(problem_of(data, where).gold or ()),
        data=data,
        split=split_group(split),
    )
