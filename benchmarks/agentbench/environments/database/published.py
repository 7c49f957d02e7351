"""The published database tasks: ``db_<split>.jsonl[.gz]`` of a normalised folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_smallbench.selection import natural_key

from ...worlds import Record
from ..published_lines import Line, broken, lines, split_group, text
from .problem import Problem, problem_of

FIELDS = (
    "type",
    "table",
    "tables",
    "table_hint",
    "evidence",
    "answer",
    "gold_sql",
    "recorded_md5",
)
"""What of a published record the environment needs."""


def read(folder: Path) -> Iterable[Record]:
    """Every record, in natural order of the ids. Raises UsageMistake for a broken one."""
    return sorted(map(_record, lines(folder, "db")), key=lambda record: natural_key(record.id))


def _record(line: Line) -> Record:
    where, split, fields = line
    name = text(fields, "id", where).removeprefix(f"db-{split}-")
    data = {key: fields[key] for key in FIELDS if key in fields}
    if not data.get("tables") and not data.get("table"):
        raise broken(where, "table", "an object with name, columns and rows", None)
    return Record(
        id=f"db/{split}-{name}",
        environment="db",
        instruction=text(fields, "question", where),
        expected_output=expected_output(problem_of(data, where)),
        data=data,
        split=split_group(split),
    )


def expected_output(problem: Problem) -> str | None:
    """The canonical line (section 0.1); None where a change has no recorded hash."""
    if problem.changes_tables:
        return f"table-hash:{problem.recorded_md5}" if problem.recorded_md5 else None
    return ", ".join(problem.answer or ())
