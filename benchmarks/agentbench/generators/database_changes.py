"""Changes of a generated table: words, gold SQL, the rows after it and after a wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from .database_conditions import Choice, make_choice, of_key
from .database_questions import table
from .database_subjects import FIRST, SECOND, Column
from .database_tables import Row, Sheet, Value, key_name, literal, make_row, quoted


@dataclass(frozen=True)
class Change:
    """``rows`` is the table afterwards; ``wrong`` after the same change of other rows."""

    text: str
    sql: str
    rows: tuple[Row, ...]
    wrong: tuple[Row, ...]


def insert(rng: Random, sheet: Sheet) -> Change | None:
    """A new row, every value given; in hard tables one is that of another row."""
    taken = {row[0] for row in sheet.rows}
    name = key_name(rng.randrange(len(FIRST) * len(SECOND)))
    if name in taken:
        return None
    row = make_row(rng, sheet.columns, name)
    texts = list(sheet.text(row))
    said = [f"{column.name} {text!r}" for column, text in zip(sheet.columns, texts, strict=True)]
    if sheet.difficulty == "hard":
        other, column = rng.choice(sheet.rows), rng.choice(sheet.columns[1:])
        place = sheet.columns.index(column)
        row = _with(row, place, other[place])
        texts[place] = sheet.text(row)[place]
        said[place] = f"the same {column.name} as {other[0]}"
    listed = ", ".join(said)
    text = rng.choice(
        [
            f"Add a new {sheet.subject.one} to the table: {listed}.",
            f"Insert one {sheet.subject.one} with {listed}.",
            f"The {sheet.subject.one} {name} is missing. Enter it with {listed}.",
        ]
    )
    names = ", ".join(quoted(column.name) for column in sheet.columns)
    values = ", ".join(map(literal, texts))
    sql = f"INSERT INTO {table(sheet)} ({names}) VALUES ({values})"
    wrong = _with(row, 0, f"{name} II")
    return Change(text, sql, (*sheet.rows, row), (*sheet.rows, wrong))


def update(rng: Random, sheet: Sheet) -> Change | None:
    """One row by its name in easy tables; all that conditions hold for in hard ones."""
    columns = _targets(rng, sheet)
    if sheet.difficulty == "hard":
        choice = make_choice(rng, sheet, columns)
    else:
        choice = of_key(sheet, rng.choice(sheet.rows))
    chosen = choice.rows(sheet)
    if not 1 <= len(chosen) <= len(sheet.rows) // 2:
        return None
    model = make_row(rng, sheet.columns, "")
    new = {sheet.columns.index(c): model[sheet.columns.index(c)] for c in columns}
    settings = [(c, sheet.cell(c, new[sheet.columns.index(c)])) for c in columns]
    said = " and ".join(f"{column.name} to {text!r}" for column, text in settings)
    text = rng.choice(
        [
            f"Set {said} for every {sheet.subject.one} {choice.words}.",
            f"Change {said} wherever there is a {sheet.subject.one} {choice.words}.",
            f"The table is out of date: set {said} for each {sheet.subject.one} {choice.words}.",
        ]
    )
    assignments = ", ".join(f"{quoted(c.name)} = {literal(t)}" for c, t in settings)
    sql = f"UPDATE {table(sheet)} SET {assignments}{choice.where(sheet)}"
    right = [_changed(row, new) if choice.holds(sheet, row) else row for row in sheet.rows]
    return Change(text, sql, tuple(right), _elsewhere(rng, sheet, choice, new))


def delete(rng: Random, sheet: Sheet) -> Change | None:
    """The rows that conditions hold for; never more than half of the table."""
    choice = make_choice(rng, sheet)
    if sheet.difficulty == "easy":
        choice = of_key(sheet, rng.choice(sheet.rows))
    kept = tuple(row for row in sheet.rows if not choice.holds(sheet, row))
    if not len(sheet.rows) // 2 <= len(kept) < len(sheet.rows):
        return None
    text = rng.choice(
        [
            f"Delete every {sheet.subject.one} {choice.words}.",
            f"Remove from the table all {sheet.subject.many} {choice.words}.",
            f"The {sheet.subject.many} {choice.words} are gone: take them out of the table.",
        ]
    )
    spared = rng.randrange(len(kept))
    wrong = (*kept[:spared], *kept[spared + 1 :], *choice.rows(sheet)[1:])
    return Change(text, f"DELETE FROM {table(sheet)}{choice.where(sheet)}", kept, wrong)


def _targets(rng: Random, sheet: Sheet) -> Sequence[Column]:
    columns = [*sheet.of_kind("text"), *sheet.of_kind("number")]
    return rng.sample(columns, 1 if sheet.difficulty == "easy" else 2)


def _with(row: Row, place: int, value: Value) -> Row:
    return (*row[:place], value, *row[place + 1 :])


def _changed(row: Row, new: dict[int, Value]) -> Row:
    return tuple(new.get(place, value) for place, value in enumerate(row))


def _elsewhere(rng: Random, sheet: Sheet, choice: Choice, new: dict[int, Value]) -> tuple[Row, ...]:
    """The change made to one row that it is not for, and to none that it is."""
    others = [place for place, row in enumerate(sheet.rows) if not choice.holds(sheet, row)]
    hit = rng.choice(others)
    return tuple(_changed(r, new) if place == hit else r for place, r in enumerate(sheet.rows))
