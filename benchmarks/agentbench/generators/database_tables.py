"""A generated table: typed values, the text that stands for each, and SQL that reads it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from .database_subjects import FIRST, SECOND, SUBJECTS, Column, Subject

Value: TypeAlias = str | int
"""Texts as they are; numbers as whole ones, in tenths where the column has them."""
Row: TypeAlias = tuple[Value, ...]

ROWS = {"easy": (8, 15), "medium": (16, 34), "hard": (35, 60)}
WIDTH = {"easy": (4, 4), "medium": (5, 6), "hard": (6, 7)}
COMMAS_FROM = 1000
"""Easy tables write numbers plainly; from medium on thousands have commas, hard adds units."""


@dataclass(frozen=True)
class Sheet:
    """A generated table. ``columns[0]`` is the key: no two rows share it."""

    subject: Subject
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    difficulty: str
    _texts: dict[Row, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def of_kind(self, kind: str) -> list[Column]:
        return [column for column in self.columns if column.kind == kind]

    def value(self, row: Row, column: Column) -> Value:
        return row[self.columns.index(column)]

    def text(self, row: Row) -> tuple[str, ...]:
        """The row's cells as the table holds them."""
        if row not in self._texts:
            self._texts[row] = tuple(map(self.cell, self.columns, row))
        return self._texts[row]

    def cell(self, column: Column, value: Value) -> str:
        if isinstance(value, str):
            return value
        if column.is_year:
            return str(value)
        commas = self.difficulty != "easy"
        unit = column.unit if self.difficulty == "hard" else ""
        return plain(column, value, commas) + unit

    def number_sql(self, column: Column) -> str:
        """An expression for the number in a cell, in MySQL and in SQLite."""
        expression = quoted(column.name)
        if self.difficulty == "hard" and column.unit:
            expression = f"REPLACE({expression}, {literal(column.unit)}, '')"
        if self.difficulty != "easy" and column.high >= COMMAS_FROM and not column.is_year:
            expression = f"REPLACE({expression}, ',', '')"
        return f"({expression} + 0)"


def make_sheet(rng: Random, difficulty: str) -> Sheet:
    """A table with at least one column of text and two of numbers beside its key."""
    subject = rng.choice(SUBJECTS)
    columns = _columns(rng, subject, rng.randint(*WIDTH[difficulty]))
    count = rng.randint(*ROWS[difficulty])
    keys = rng.sample(range(len(FIRST) * len(SECOND)), count)
    rows = tuple(make_row(rng, columns, key_name(key)) for key in keys)
    return Sheet(subject, columns, rows, difficulty)


def _columns(rng: Random, subject: Subject, width: int) -> tuple[Column, ...]:
    key, *others = subject.columns
    numbers = rng.sample([c for c in others if c.kind == "number"], 2)
    texts = rng.sample([c for c in others if c.kind == "text"], 1)
    rest = [c for c in others if c not in numbers and c not in texts]
    chosen = [*numbers, *texts, *rng.sample(rest, min(len(rest), width - 4))]
    return (key, *(column for column in others if column in chosen))


def key_name(index: int) -> str:
    return f"{FIRST[index % len(FIRST)]} {SECOND[index // len(FIRST)]}"


def make_row(rng: Random, columns: Sequence[Column], key: str) -> Row:
    return (key, *(_drawn(rng, column) for column in columns[1:]))


def _drawn(rng: Random, column: Column) -> Value:
    if column.kind == "text":
        return column.pool[int(rng.random() * len(column.pool))]
    return column.low + int(rng.random() * (column.high - column.low + 1))


def plain(column: Column, value: float, commas: bool = False) -> str:
    """A number of the column as text, without its unit."""
    if column.tenths:
        return f"{value / 10:.1f}"
    return f"{value:,}" if commas else str(value)


def quoted(name: str) -> str:
    return f"`{name}`"


def literal(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
