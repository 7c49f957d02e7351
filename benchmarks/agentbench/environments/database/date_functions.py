"""MySQL's date functions over text. What is no date gives NULL.

The clock stands still at NOW: the same statement gives the same reply in every run.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from .conversions import Sql, number, text, whole

NOW = datetime(2024, 1, 1, 12, 0, 0)

_DATE = re.compile(
    r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?.*)?\s*$",
    re.ASCII | re.DOTALL,
)
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})()()()\s*$", re.ASCII)
_CODES = {
    "Y": "%Y", "y": "%y", "m": "%m", "d": "%d", "H": "%H", "h": "%I", "I": "%I", "i": "%M",
    "s": "%S", "S": "%S", "f": "%f", "p": "%p", "M": "%B", "b": "%b", "W": "%A", "a": "%a",
    "j": "%j", "T": "%H:%M:%S", "r": "%I:%M:%S %p", "c": "%m", "e": "%d", "k": "%H", "l": "%I",
    "%": "%%",
}  # fmt: skip
"""MySQL's format letters as Python's."""
_BARE = {"c": "month", "e": "day", "k": "hour"}
"""Letters for numbers without a leading zero."""


def moment(value: Sql) -> datetime | None:
    """The date, with its time of day, that a text spells."""
    match = _DATE.match(text(value)) or _COMPACT.match(text(value))
    if not match:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups("0"))
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def spelled(when: datetime, with_time: bool) -> str:
    return when.isoformat(" ", "seconds") if with_time else when.date().isoformat()


def part(pick: Callable[[datetime], int | str]) -> Callable[[Sql], int | str | None]:
    """A function of one date, such as YEAR."""

    def picked(value: Sql) -> int | str | None:
        when = moment(value)
        return None if when is None else pick(when)

    return picked


def date_format(value: Sql, form: Sql) -> str | None:
    when = moment(value)
    return None if when is None else _formatted(when, text(form))


def _formatted(when: datetime, form: str) -> str:
    def letter(match: re.Match[str]) -> str:
        code = match[1]
        if code in _BARE:
            return str(getattr(when, _BARE[code]))
        if code == "l":
            return str(when.hour % 12 or 12)
        if code == "D":
            return f"{when.day}{_ordinal(when.day)}"
        if code == "Y":
            return f"{when.year:04d}"
        return when.strftime(_CODES[code]) if code in _CODES else code

    return re.sub(r"%(.)", letter, form, flags=re.DOTALL)


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def str_to_date(value: Sql, form: Sql) -> str | None:
    given = re.sub(r"%(.)", lambda m: _CODES.get(m[1], m[1]), text(form), flags=re.DOTALL)
    try:
        when = datetime.strptime(text(value).strip(), given)
    except (ValueError, re.error):
        return None
    return spelled(when, with_time=bool(re.search(r"%[HhIiSsTrkl]", text(form))))


def date_of(value: Sql) -> str | None:
    when = moment(value)
    return spelled(when, with_time=False) if when else None


def datetime_of(value: Sql) -> str | None:
    when = moment(value)
    return spelled(when, with_time=True) if when else None


def time_of(value: Sql) -> str | None:
    when = moment(value)
    return when.time().isoformat("seconds") if when else None


def datediff(one: Sql, two: Sql) -> int | None:
    first, second = moment(one), moment(two)
    return (first.date() - second.date()).days if first and second else None


def timestampdiff(unit: Sql, one: Sql, two: Sql) -> int | None:
    """Whole units from ``one`` to ``two``, rounded towards zero."""
    first, second = moment(one), moment(two)
    if first is None or second is None:
        return None
    name = text(unit).upper()
    if name in ("YEAR", "QUARTER", "MONTH"):
        return _months_between(first, second, {"YEAR": 12, "QUARTER": 3, "MONTH": 1}[name])
    seconds = {"WEEK": 604800, "DAY": 86400, "HOUR": 3600, "MINUTE": 60, "SECOND": 1}.get(name)
    return None if seconds is None else int((second - first).total_seconds() / seconds)


def _months_between(first: datetime, second: datetime, size: int) -> int:
    if second < first:
        return -_months_between(second, first, size)
    months = (second.year - first.year) * 12 + second.month - first.month
    later = (second.day, second.time()) < (first.day, first.time())
    return (months - later) // size


def date_add(value: Sql, amount: Sql, unit: Sql) -> str | None:
    when, name = moment(value), text(unit).upper()
    if when is None:
        return None
    try:
        moved = _moved(when, number(amount), name)
    except (OverflowError, ValueError):
        return None
    with_time = ":" in text(value) or name in ("HOUR", "MINUTE", "SECOND")
    return spelled(moved, with_time) if moved else None


def date_sub(value: Sql, amount: Sql, unit: Sql) -> str | None:
    return date_add(value, -number(amount), unit)


def _moved(when: datetime, amount: float, unit: str) -> datetime | None:
    months = {"YEAR": 12, "QUARTER": 3, "MONTH": 1}.get(unit)
    if months:
        count = when.year * 12 + when.month - 1 + months * round(amount)
        year, month = divmod(count, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return when.replace(year=year, month=month + 1, day=min(when.day, last))
    days = {"WEEK": 7.0, "DAY": 1.0, "HOUR": 1 / 24, "MINUTE": 1 / 1440, "SECOND": 1 / 86400}
    return when + timedelta(days=days[unit] * amount) if unit in days else None


def last_day(value: Sql) -> str | None:
    when = moment(value)
    if when is None:
        return None
    return date(when.year, when.month, calendar.monthrange(when.year, when.month)[1]).isoformat()


def to_days(value: Sql) -> int | None:
    when = moment(value)
    return when.toordinal() + 365 if when else None


def makedate(years: Sql, day: Sql) -> str | None:
    if whole(day) < 1:
        return None
    try:
        return (date(whole(years), 1, 1) + timedelta(days=whole(day) - 1)).isoformat()
    except (OverflowError, ValueError):
        return None
