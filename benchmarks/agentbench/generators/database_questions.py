"""Questions on a generated table: words, gold SQL and the answer by direct computation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from .database_conditions import Choice, make_choice, of_key
from .database_subjects import Column
from .database_tables import Row, Sheet, literal, plain, quoted

_RANKS = ("", "second ", "third ")


@dataclass(frozen=True)
class Question:
    """``answer`` are the values that the gold SQL's rows hold, in no order."""

    text: str
    sql: str
    answer: tuple[str, ...]


def other(rng: Random, sheet: Sheet) -> Question | None:
    """The texts of a column where conditions hold."""
    target = rng.choice([*sheet.of_kind("key"), *sheet.of_kind("text")])
    choice = make_choice(rng, sheet, [target])
    if target.kind != "key" and rng.random() < 0.6:
        choice = of_key(sheet, rng.choice(sheet.rows))
    found = sorted({str(sheet.value(row, target)) for row in choice.rows(sheet)})
    if not 1 <= len(found) <= 6:
        return None
    subject = sheet.subject
    text = rng.choice(
        [
            f"What is the {target.name} of each of the {subject.many} {choice.words}?",
            f"Name the {target.name} of every {subject.one} {choice.words}.",
            f"Which {target.name} does a {subject.one} have {choice.words}? Give each only once.",
        ]
    )
    sql = f"SELECT DISTINCT {quoted(target.name)} FROM {table(sheet)}{choice.where(sheet)}"
    return Question(text, sql, tuple(found))


def counting(rng: Random, sheet: Sheet) -> Question | None:
    """How many rows; neither none nor all."""
    choice = make_choice(rng, sheet)
    count = len(choice.rows(sheet))
    if not 1 <= count < len(sheet.rows):
        return None
    many = sheet.subject.many
    text = rng.choice(
        [
            f"How many {many} are there {choice.words}?",
            f"What is the number of {many} {choice.words}?",
            f"Count the {many} {choice.words}.",
        ]
    )
    return Question(
        text, f"SELECT COUNT(*) FROM {table(sheet)}{choice.where(sheet)}", (str(count),)
    )


def comparison(rng: Random, sheet: Sheet) -> Question | None:
    """Which of two has more of something; the two differ in it."""
    number, key = rng.choice(sheet.of_kind("number")), sheet.columns[0]
    one, other = rng.sample(sheet.rows, 2)
    values = [int(sheet.value(row, number)) for row in (one, other)]
    if values[0] == values[1]:
        return None
    more = rng.random() < 0.5
    winner = one if (values[0] > values[1]) == more else other
    text = rng.choice(
        [
            f"Which has the {_degree(more)} {number.name}, {one[0]} or {other[0]}?",
            f"Of the {sheet.subject.many} {one[0]} and {other[0]}, whose {number.name} is the "
            f"{_degree(more)}?",
            f"Compare {one[0]} with {other[0]}: which of the two has the {_degree(more)} "
            f"{number.name}?",
        ]
    )
    names = ", ".join(literal(str(row[0])) for row in (one, other))
    sql = (
        f"SELECT {quoted(key.name)} FROM {table(sheet)} WHERE {quoted(key.name)} IN ({names}) "
        f"ORDER BY {sheet.number_sql(number)} {'DESC' if more else 'ASC'} LIMIT 1"
    )
    return Question(text, sql, (str(winner[0]),))


def ranking(rng: Random, sheet: Sheet) -> Question | None:
    """The first, second or third by a number; nothing ties with it."""
    number, key = rng.choice(sheet.of_kind("number")), sheet.columns[0]
    choice = make_choice(rng, sheet, [number]) if sheet.difficulty != "easy" else Choice(())
    most = rng.random() < 0.5
    rows = sorted(choice.rows(sheet), key=lambda row: int(sheet.value(row, number)), reverse=most)
    rank = rng.randrange(len(_RANKS)) if sheet.difficulty != "easy" else 0
    if len(rows) < rank + 2 or _tied(sheet, rows, number, rank):
        return None
    among = f" among those {choice.words}" if choice.conditions else ""
    place = f"{_RANKS[rank]}{'highest' if most else 'lowest'} {number.name}"
    text = rng.choice(
        [
            f"Which {sheet.subject.one} has the {place}{among}?",
            f"What is the {key.name} of the {sheet.subject.one} with the {place}{among}?",
            f"By {number.name}, name the {sheet.subject.one} with the {place}{among}.",
        ]
    )
    sql = (
        f"SELECT {quoted(key.name)} FROM {table(sheet)}{choice.where(sheet)} ORDER BY "
        f"{sheet.number_sql(number)} {'DESC' if most else 'ASC'} LIMIT 1 OFFSET {rank}"
    )
    return Question(text, sql, (str(rows[rank][0]),))


def aggregation(function: str) -> Callable[[Random, Sheet], Question | None]:
    """SUM, MIN, MAX or AVG of a number where conditions hold."""

    def make(rng: Random, sheet: Sheet) -> Question | None:
        number = rng.choice(sheet.of_kind("number"))
        if number.is_year and function in ("SUM", "AVG"):
            return None
        choice = make_choice(rng, sheet, [number])
        values = [int(sheet.value(row, number)) for row in choice.rows(sheet)]
        if len(values) < 2:
            return None
        what, many = _AGGREGATES[function], sheet.subject.many
        text = rng.choice(
            [
                f"What is the {what} {number.name} of the {many} {choice.words}?",
                f"Find the {what} {number.name} over all {many} {choice.words}.",
                f"Taking only the {many} {choice.words}, what is their {what} {number.name}?",
            ]
        )
        sql = f"SELECT {function}({sheet.number_sql(number)}) FROM {table(sheet)}"
        answer = _aggregated(function, number, values)
        return Question(_with_format(text, sheet, number), sql + choice.where(sheet), (answer,))

    return make


_AGGREGATES = {
    "SUM": "total",
    "MIN": "lowest",
    "MAX": "highest",
    "AVG": "average",
}


def _aggregated(function: str, column: Column, values: list[int]) -> str:
    if function == "AVG":
        scale = 10 if column.tenths else 1
        return f"{sum(values) / len(values) / scale:.2f}"
    if function == "SUM":
        return plain(column, sum(values))
    return plain(column, max(values) if function == "MAX" else min(values))


def _with_format(text: str, sheet: Sheet, column: Column) -> str:
    if sheet.difficulty == "hard" and column.unit:
        return f"{text} Answer with the number alone, without its unit."
    return text


def _degree(more: bool) -> str:
    return "higher" if more else "lower"


def _tied(sheet: Sheet, rows: list[Row], column: Column, rank: int) -> bool:
    values = [sheet.value(row, column) for row in rows]
    return values.count(values[rank]) > 1


def table(sheet: Sheet) -> str:
    return quoted(sheet.subject.table)
