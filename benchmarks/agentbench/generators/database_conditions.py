"""Which rows a generated task speaks of: in Python, in SQL and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from .database_subjects import Column
from .database_tables import Row, Sheet, Value, literal, plain, quoted

_MORE = ("more than", "greater than", "above")
_LESS = ("less than", "smaller than", "below")


@dataclass(frozen=True)
class Condition:
    """``operator`` is =, > or <; texts are compared without regard to case."""

    column: Column
    operator: str
    value: Value
    words: str

    def holds(self, sheet: Sheet, row: Row) -> bool:
        actual = sheet.value(row, self.column)
        if isinstance(actual, str):
            return actual.casefold() == str(self.value).casefold()
        assert isinstance(self.value, int)
        return actual > self.value if self.operator == ">" else actual < self.value

    def sql(self, sheet: Sheet) -> str:
        if isinstance(self.value, str):
            return f"{quoted(self.column.name)} = {literal(self.value)}"
        number = plain(self.column, self.value)
        return f"{sheet.number_sql(self.column)} {self.operator} {number}"


@dataclass(frozen=True)
class Choice:
    """The rows for which all the conditions hold."""

    conditions: tuple[Condition, ...]

    def rows(self, sheet: Sheet) -> list[Row]:
        return [row for row in sheet.rows if self.holds(sheet, row)]

    def holds(self, sheet: Sheet, row: Row) -> bool:
        return all(condition.holds(sheet, row) for condition in self.conditions)

    def where(self, sheet: Sheet) -> str:
        parts = (condition.sql(sheet) for condition in self.conditions)
        return f" WHERE {' AND '.join(parts)}" if self.conditions else ""

    @property
    def words(self) -> str:
        return " and ".join(condition.words for condition in self.conditions)


def of_key(sheet: Sheet, row: Row) -> Choice:
    """The one row of that name."""
    key = sheet.columns[0]
    name = str(row[0])
    return Choice((Condition(key, "=", name, f"whose {key.name} is {name!r}"),))


def make_choice(rng: Random, sheet: Sheet, avoid: Sequence[Column] = ()) -> Choice:
    """One condition, or two from medium on, on other columns than those to ``avoid``."""
    texts = [c for c in sheet.of_kind("text") if c not in avoid]
    numbers = [c for c in sheet.of_kind("number") if c not in avoid]
    conditions = [_text_condition(rng, sheet, rng.choice(texts))] if texts else []
    if numbers and (not conditions or sheet.difficulty != "easy"):
        conditions.append(_number_condition(rng, sheet, rng.choice(numbers)))
    return Choice(tuple(conditions))


def _text_condition(rng: Random, sheet: Sheet, column: Column) -> Condition:
    value = str(sheet.value(rng.choice(sheet.rows), column))
    if sheet.difficulty == "hard" and rng.random() < 0.5:
        value = value.lower()
    return Condition(column, "=", value, f"whose {column.name} is {value!r}")


def _number_condition(rng: Random, sheet: Sheet, column: Column) -> Condition:
    value = sheet.value(rng.choice(sheet.rows), column)
    operator, words = (">", rng.choice(_MORE)) if rng.random() < 0.5 else ("<", rng.choice(_LESS))
    shown = plain(column, int(value)) + (column.unit if sheet.difficulty == "hard" else "")
    return Condition(column, operator, value, f"whose {column.name} is {words} {shown}")
