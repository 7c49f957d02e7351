"""Every MySQL function that SQLite learns, by name, and those of its own that it keeps.

In a translated statement ours are called ``my_<name>``, so that none hides one of SQLite's.
"""

from __future__ import annotations

import math
import random
import sqlite3
from collections.abc import Callable
from datetime import timezone

from . import date_functions as dates
from . import text_functions as texts
from .aggregates import AGGREGATES
from .conversions import Sql, number, text, tidy, whole
from .engine import SqlError
from .messages import DATABASE, parameter_count, regex_too_long

PREFIX = "my_"


def _round(value: Sql, decimals: Sql = 0) -> int | float:
    """Half away from zero, as MySQL rounds."""
    places = max(-15, min(15, whole(decimals)))
    scale = 10.0**places
    scaled = abs(number(value)) * scale
    if not math.isfinite(scaled):
        return tidy(number(value))
    # 2.675 is a little less than it says: the nudge is far below any place asked for.
    rounded = math.floor(scaled + 0.5 + 1e-9) / scale
    return tidy(math.copysign(rounded, number(value)))


def _truncate(value: Sql, decimals: Sql) -> int | float:
    scale = 10.0 ** max(-15, min(15, whole(decimals)))
    return tidy(math.trunc(number(value) * scale) / scale)


def _modulo(value: Sql, by: Sql) -> int | float | None:
    return tidy(math.fmod(number(value), number(by))) if number(by) else None


def _power(value: Sql, exponent: Sql) -> int | float | None:
    return _calculated(lambda: number(value) ** number(exponent))


def _calculated(compute: Callable[[], float]) -> int | float | None:
    """What has no real value is NULL."""
    try:
        result = compute()
    except (ArithmeticError, ValueError):
        return None
    return tidy(result) if isinstance(result, float) and math.isfinite(result) else None


def _extreme(choose: Callable[..., Sql]) -> Callable[..., Sql]:
    """GREATEST or LEAST: by number where any argument is one, else by text."""

    def chosen(*values: Sql) -> Sql:
        numbers = any(isinstance(value, int | float) for value in values)
        return choose(values, key=number if numbers else lambda v: text(v).casefold())

    return chosen


def _by_math(function: Callable[[float], float]) -> Callable[[Sql], int | float | None]:
    return lambda value: _calculated(lambda: float(function(number(value))))


def _log(value: Sql, other: Sql = None) -> int | float | None:
    if other is None:
        return _calculated(lambda: math.log(number(value)))
    return _calculated(lambda: math.log(number(other), number(value)))


_STRICT: dict[str, Callable[..., Sql]] = {
    # text
    "concat": texts.concat, "substring_index": texts.substring_index, "left": texts.left,
    "right": texts.right, "mid": texts.mid, "substr": texts.mid, "substring": texts.mid,
    "lpad": texts.lpad, "rpad": texts.rpad, "repeat": texts.repeat, "space": texts.space,
    "find_in_set": texts.find_in_set, "locate": texts.locate, "instr": texts.instr,
    "field": texts.field, "insert": texts.insert, "strcmp": texts.strcmp,
    "format": texts.format_number, "length": texts.byte_length,
    "octet_length": texts.byte_length, "md5": texts.md5, "ascii": texts.ascii_code,
    "replace": texts.replace, "regexp": texts.regexp, "regexp_like": texts.regexp,
    "regexp_substr": texts.regexp_substr, "regexp_instr": texts.regexp_instr,
    "regexp_replace": texts.regexp_replace,
    "reverse": lambda value: text(value)[::-1],
    "char_length": lambda value: len(text(value)),
    "character_length": lambda value: len(text(value)),
    "upper": lambda value: text(value).upper(), "ucase": lambda value: text(value).upper(),
    "lower": lambda value: text(value).lower(), "lcase": lambda value: text(value).lower(),
    # numbers
    "round": _round, "truncate": _truncate, "mod": _modulo, "pow": _power, "power": _power,
    "abs": lambda value: tidy(abs(number(value))),
    "floor": lambda value: _calculated(lambda: float(math.floor(number(value)))),
    "ceil": lambda value: _calculated(lambda: float(math.ceil(number(value)))),
    "ceiling": lambda value: _calculated(lambda: float(math.ceil(number(value)))),
    "sign": lambda value: (number(value) > 0) - (number(value) < 0),
    "greatest": _extreme(max), "least": _extreme(min),
    "sqrt": _by_math(math.sqrt), "exp": _by_math(math.exp), "ln": _by_math(math.log),
    "log": _log, "log2": _by_math(math.log2), "log10": _by_math(math.log10),
    "signed": lambda value: whole(value),
    "pi": lambda: math.pi,
    # dates
    "year": dates.part(lambda d: d.year), "month": dates.part(lambda d: d.month),
    "day": dates.part(lambda d: d.day), "dayofmonth": dates.part(lambda d: d.day),
    "hour": dates.part(lambda d: d.hour), "minute": dates.part(lambda d: d.minute),
    "second": dates.part(lambda d: d.second),
    "quarter": dates.part(lambda d: (d.month + 2) // 3),
    "dayofyear": dates.part(lambda d: d.timetuple().tm_yday),
    "dayofweek": dates.part(lambda d: d.isoweekday() % 7 + 1),
    "weekday": dates.part(lambda d: d.weekday()),
    "weekofyear": dates.part(lambda d: d.isocalendar()[1]),
    "week": dates.part(lambda d: int(d.strftime("%U"))),
    "dayname": dates.part(lambda d: d.strftime("%A")),
    "monthname": dates.part(lambda d: d.strftime("%B")),
    "date": dates.date_of, "timestamp": dates.datetime_of, "datetime": dates.datetime_of,
    "time": dates.time_of, "datediff": dates.datediff, "date_format": dates.date_format,
    "str_to_date": dates.str_to_date, "timestampdiff": dates.timestampdiff,
    "date_add": dates.date_add, "date_sub": dates.date_sub, "adddate": dates.date_add,
    "subdate": dates.date_sub, "last_day": dates.last_day, "to_days": dates.to_days,
    "makedate": dates.makedate,
}  # fmt: skip
"""Functions that are NULL as soon as an argument is."""

_NOW, _DAY, _TIME = dates.NOW.isoformat(" "), str(dates.NOW.date()), str(dates.NOW.time())
_CONSTANTS: dict[str, Sql] = {
    "database": DATABASE, "schema": DATABASE, "version": "8.0", "connection_id": 1,
    "user": "agent@localhost", "current_user": "agent@localhost",
    "now": _NOW, "sysdate": _NOW, "current_timestamp": _NOW, "localtime": _NOW,
    "localtimestamp": _NOW, "curdate": _DAY, "current_date": _DAY, "curtime": _TIME,
    "current_time": _TIME,
    "unix_timestamp": int(dates.NOW.replace(tzinfo=timezone.utc).timestamp()),
}  # fmt: skip

NUMERIC = frozenset((
    "find_in_set", "locate", "instr", "field", "strcmp", "length", "octet_length", "ascii",
    "regexp", "regexp_like", "regexp_instr", "char_length", "character_length", "round",
    "truncate", "mod", "pow", "power", "abs", "floor", "ceil", "ceiling", "sign", "sqrt", "exp",
    "ln", "log", "log2", "log10", "signed", "pi", "year", "month", "day", "dayofmonth", "hour",
    "minute", "second", "quarter", "dayofyear", "dayofweek", "weekday", "weekofyear", "week",
    "datediff", "timestampdiff", "to_days", "rand", "std", "stddev", "stddev_pop",
    "stddev_samp", "variance", "var_pop", "var_samp", "isnull", "unix_timestamp", "row_number",
    "rank", "dense_rank", "ntile",
))  # fmt: skip
"""Functions that give a number: what is compared with one is compared as a number."""

BUILT_IN = frozenset((
    "count", "sum", "avg", "min", "max", "coalesce", "ifnull", "nullif", "iif", "like", "trim",
    "ltrim", "rtrim", "char", "hex", "unhex", "row_number", "rank", "dense_rank",
    "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value",
    "nth_value",
))  # fmt: skip
"""SQLite's own functions that a statement may call; the rest does not exist in MySQL."""

NAMES = frozenset(
    {*_STRICT, *_CONSTANTS, *AGGREGATES, "concat_ws", "elt", "isnull", "rand", "any_value"}
)


def register(
    connection: sqlite3.Connection, dice: random.Random, complaints: list[Exception]
) -> None:
    """Teach a connection all of ours.

    ``dice`` are RAND's; what a function raises is put into ``complaints``, since SQLite does
    not say it again.
    """
    for name, function in _STRICT.items():
        connection.create_function(PREFIX + name, -1, _strict(name, function, complaints))
    for name, value in _CONSTANTS.items():
        connection.create_function(PREFIX + name, -1, lambda *_places, value=value: value)
    for name, aggregate in AGGREGATES.items():
        connection.create_aggregate(PREFIX + name, -1, aggregate)
    connection.create_function(PREFIX + "concat_ws", -1, texts.concat_ws)
    connection.create_function(PREFIX + "elt", -1, texts.elt)
    connection.create_function(PREFIX + "isnull", 1, lambda value: int(value is None))
    connection.create_function(PREFIX + "rand", -1, lambda *_seed: dice.random())


def _strict(
    name: str, function: Callable[..., Sql], complaints: list[Exception]
) -> Callable[..., Sql]:
    def called(*values: Sql) -> Sql:
        if None in values:
            return None
        try:
            return function(*values)
        except TypeError:
            complaints.append(parameter_count(name))
        except TimeoutError:
            complaints.append(regex_too_long())
        except SqlError as error:
            complaints.append(error)
        raise ValueError(name)

    return called
