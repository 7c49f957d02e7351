"""A record's own fields, checked: tables, question, and how the outcome is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from pytest_smallbench.errors import UsageMistake

from .engine import Table, Value

MUTATIONS = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Problem:
    """What the environment knows of its task.

    ``answer`` is the label of a question; ``gold_sql`` and ``recorded_md5`` belong to a
    change of the tables, which is judged by their hash (section 2).
    """

    tables: tuple[Table, ...]
    type: str = "other"
    answer: tuple[str, ...] | None = None
    gold_sql: tuple[str, ...] = ()
    recorded_md5: str | None = None
    table_hint: str = ""
    evidence: str = ""

    @property
    def changes_tables(self) -> bool:
        return self.type in MUTATIONS


def problem_of(data: Mapping[str, Any], where: str) -> Problem:
    """The problem in a record's fields; without any, an empty database and no label.

    ``where`` (file and line, or the task) leads each message. Raises UsageMistake.
    """
    if not data:
        return Problem(())
    fields = _Fields(data, where)
    problem = Problem(
        tables=fields.tables(),
        type=fields.text("type"),
        answer=fields.texts("answer"),
        gold_sql=fields.texts("gold_sql") or (),
        recorded_md5=fields.text("recorded_md5") or None,
        table_hint=fields.text("table_hint"),
        evidence=fields.text("evidence"),
    )
    _check_judgeable(problem, where)
    return problem


def _check_judgeable(problem: Problem, where: str) -> None:
    if problem.changes_tables and not (problem.gold_sql or problem.recorded_md5):
        raise UsageMistake(
            f"{where}: a task of type {problem.type} needs field 'gold_sql' or 'recorded_md5'"
        )
    if not problem.changes_tables and problem.answer is None:
        raise UsageMistake(f"{where}: field 'answer' is missing; it is a list of strings")


@dataclass(frozen=True)
class _Fields:
    data: Mapping[str, Any]
    where: str

    def wrong(self, name: str, what: str) -> UsageMistake:
        return UsageMistake(f"{self.where}: field {name!r} must be {what}")

    def text(self, name: str) -> str:
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(name, "a string")
        return value

    def texts(self, name: str) -> tuple[str, ...] | None:
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, list | tuple) or any(isinstance(v, list | dict) for v in value):
            raise self.wrong(name, "a list of strings")
        return tuple("none" if v is None else str(v) for v in value)

    def tables(self) -> tuple[Table, ...]:
        """``tables``, or the one ``table`` of most records."""
        raw = self.data.get("tables", [self.data.get("table")])
        if not isinstance(raw, list | tuple):
            raise self.wrong("tables", "a list of objects with name, columns and rows")
        tables = tuple(self._table(table) for table in raw)
        if len({table.name.lower() for table in tables}) < len(tables):
            raise self.wrong("tables", "tables of different names")
        return tables

    def _table(self, raw: object) -> Table:
        if not isinstance(raw, Mapping):
            raise self.wrong("table", "an object with name, columns and rows")
        name, columns, rows = (raw.get(key) for key in ("name", "columns", "rows"))
        if not isinstance(name, str) or not name:
            raise self.wrong("table.name", "a string that is not empty")
        if not _are_columns(columns):
            raise self.wrong("table.columns", "a list of names, each only once")
        if not isinstance(rows, list | tuple):
            raise self.wrong("table.rows", "a list of rows")
        return Table(name, tuple(columns), tuple(self._row(r, len(columns)) for r in rows))

    def _row(self, row: object, width: int) -> tuple[Value, ...]:
        if not isinstance(row, list | tuple) or len(row) != width:
            raise self.wrong("table.rows", f"rows of {width} values, one a column")
        return tuple(None if value is None else str(value) for value in row)


def _are_columns(columns: object) -> TypeGuard[Sequence[str]]:
    if not isinstance(columns, list | tuple) or not columns:
        return False
    if not all(isinstance(name, str) for name in columns):
        return False
    return len({name.lower() for name in columns}) == len(columns)
