"""Generated database tasks: a table, a question or a change, and gold that SQLite confirms.

A candidate is accepted when the gold SQL, run by SQLite, gives what Python computed directly;
a change must alter the table's hash, and the same change of other rows must give another one
(specification, section 2). Otherwise the next candidate of the same stream is tried.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from ..environments.database.table_hash import tables_hash
from ..worlds import Record
from . import database_changes as changes
from . import database_questions as questions
from .database_changes import Change
from .database_questions import Question
from .database_tables import Row, Sheet, literal, make_sheet, quoted

Maker: TypeAlias = Callable[[Random, Sheet], Question | Change | None]

TYPES: dict[str, Maker] = {
    "other": questions.other,
    "counting": questions.counting,
    "comparison": questions.comparison,
    "ranking": questions.ranking,
    "aggregation-SUM": questions.aggregation("SUM"),
    "aggregation-MIN": questions.aggregation("MIN"),
    "aggregation-MAX": questions.aggregation("MAX"),
    "aggregation-AVG": questions.aggregation("AVG"),
    "INSERT": changes.insert,
    "UPDATE": changes.update,
    "DELETE": changes.delete,
}
"""AgentBench's types of tasks, and DELETE, which it allows."""


def generate(seed: int, number: int, difficulty: str) -> Record:
    """The task ``db/g<seed>-<number>``; it depends on nothing but the arguments."""
    rng = Random(f"agentbench/db/{seed}/{number}/{difficulty}")
    kind = rng.choice(list(TYPES))
    while True:
        sheet = make_sheet(rng, difficulty)
        made = TYPES[kind](rng, sheet)
        if made is not None and _accepted(sheet, made):
            return _record(f"db/g{seed}-{number:05d}", difficulty, kind, sheet, made)


# -- acceptance -------------------------------------------------------------------


def _accepted(sheet: Sheet, made: Question | Change) -> bool:
    connection = _loaded(sheet)
    try:
        rows = connection.execute(made.sql).fetchall()
        if isinstance(made, Question):
            return _agree(rows, made.answer)
        present = connection.execute(f"SELECT * FROM {quoted(sheet.subject.table)}").fetchall()
    finally:
        connection.close()
    after = tables_hash([present])
    wrong = (_hash(sheet, sheet.rows), _hash(sheet, made.wrong))
    return after == _hash(sheet, made.rows) and after not in wrong


def _loaded(sheet: Sheet) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    name = quoted(sheet.subject.table)
    columns = ", ".join(f"{quoted(c.name)} TEXT COLLATE NOCASE" for c in sheet.columns)
    connection.execute(f"CREATE TABLE {name} ({columns})")
    rows = ", ".join(f"({', '.join(map(literal, sheet.text(row)))})" for row in sheet.rows)
    connection.execute(f"INSERT INTO {name} VALUES {rows}")
    return connection


def _agree(rows: list[tuple[Any, ...]], answer: tuple[str, ...]) -> bool:
    found = sorted(str(value) for (value,) in rows)
    if len(found) == len(answer) == 1 and answer[0].replace(".", "", 1).isdigit():
        return abs(float(found[0]) - float(answer[0])) <= 0.00501 and float(answer[0]) > 0
    return found == sorted(answer)


def _hash(sheet: Sheet, rows: tuple[Row, ...]) -> str:
    return tables_hash([[sheet.text(row) for row in rows]])


# -- the record -------------------------------------------------------------------


def _record(id: str, difficulty: str, kind: str, sheet: Sheet, made: Question | Change) -> Record:
    names = [column.name for column in sheet.columns]
    data: dict[str, Any] = {
        "type": kind,
        "table_hint": f"the table {sheet.subject.table} has the columns {', '.join(names)}.",
        "table": {
            "name": sheet.subject.table,
            "columns": names,
            "rows": [list(sheet.text(row)) for row in sheet.rows],
        },
        "gold_sql": [made.sql],
    }
    if isinstance(made, Question):
        data["answer"] = list(made.answer)
        expected = ", ".join(made.answer)
    else:
        data["recorded_md5"] = _hash(sheet, made.rows)
        expected = f"table-hash:{data['recorded_md5']}"
    return Record(id, "db", made.text, expected, data, difficulty=difficulty)
