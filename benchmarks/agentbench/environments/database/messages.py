"""SQLite's complaints in MySQL's words and numbers, which agents know."""

from __future__ import annotations

import re

from .engine import SECONDS, SqlError

DATABASE = "agentbench"
"""The name of a task's database, as the agent sees it."""

SYNTAX = (
    "You have an error in your SQL syntax; check the manual that corresponds to your "
    "MySQL server version for the right syntax to use near '{}' at line 1"
)

_KNOWN: tuple[tuple[str, int, str, str], ...] = (
    (r"no such table: (?:main\.)?(.+)", 1146, "42S02", "Table '" + DATABASE + ".{}' doesn't exist"),
    (r"no such (?:index|view): (.+)", 1051, "42S02", "Unknown table '" + DATABASE + ".{}'"),
    (r"(?:table|index|view) .?(.+?).? already exists", 1050, "42S01", "Table '{}' already exists"),
    (r"table .+ has no column named (.+)", 1054, "42S22", "Unknown column '{}' in 'field list'"),
    (r"no such column: [\"`]*(.+?)[\"`]*$", 1054, "42S22", "Unknown column '{}'"),
    (r"ambiguous column name: (.+)", 1052, "23000", "Column '{}' is ambiguous"),
    (r"duplicate column name: (.+)", 1060, "42S21", "Duplicate column name '{}'"),
    (
        r"(?:table .+ has \d+ columns but \d+ values|\d+ values for \d+ columns)",
        1136,
        "21S01",
        "Column count doesn't match value count at row 1",
    ),
    (
        r"SELECTs to the left and right of",
        1222,
        "21000",
        "The used SELECT statements have a different number of columns",
    ),
    (
        r"sub-select returns (\d+) columns|row value misused|IN\(\.\.\.\) element has",
        1241,
        "21000",
        "Operand should contain a matching number of columns",
    ),
    (r"misuse of", 1111, "HY000", "Invalid use of group function"),
    (
        r"(?:no such function: |not authorized to use function: )(?:my_)?(.+)",
        1305,
        "42000",
        "FUNCTION " + DATABASE + ".{} does not exist",
    ),
    (
        r"wrong number of arguments to function (?:my_)?(.+?)\(",
        1582,
        "42000",
        "Incorrect parameter count in the call to native function '{}'",
    ),
    (r'near "(.*)": syntax error', 1064, "42000", SYNTAX),
    (
        r"user-defined aggregate's",
        1582,
        "42000",
        "Incorrect parameter count in the call to native function",
    ),
    (r'unrecognized token: "(.*)"', 1064, "42000", SYNTAX),
    (r"incomplete input", 1064, "42000", SYNTAX),
    (
        r"string or blob too big",
        1301,
        "HY000",
        "Result was larger than max_allowed_packet - truncated",
    ),
    (r"database or disk is full", 1114, "HY000", "The table is full"),
    (r"UNIQUE constraint failed: (.+)", 1062, "23000", "Duplicate entry for key '{}'"),
    (r"NOT NULL constraint failed: .+\.(.+)", 1048, "23000", "Column '{}' cannot be null"),
    (
        r"not authorized|prohibited|may not be|cannot (?:modify|create|detach)",
        1142,
        "42000",
        "This command is denied to the user of this database",
    ),
)


def in_words(complaint: str) -> SqlError:
    """The error for a message of SQLite's."""
    for pattern, code, state, text in _KNOWN:
        match = re.match(pattern, complaint, re.DOTALL)
        if match:
            return SqlError(code, state, text.format(match[1] if match.lastindex else ""))
    return SqlError(1105, "HY000", complaint)


def syntax_error(near: str) -> SqlError:
    return SqlError(1064, "42000", SYNTAX.format(near[:80]))


def unsupported(what: str) -> SqlError:
    return SqlError(1235, "42000", f"This server doesn't support '{what}'")


def too_long() -> SqlError:
    return SqlError(
        3024,
        "HY000",
        "Query execution was interrupted, maximum statement execution time exceeded "
        f"({SECONDS:g} s, or the work that stands for it)",
    )


def too_large() -> SqlError:
    return SqlError(1041, "HY000", "Out of memory: the statement needed more than it may use")


def parameter_count(name: str) -> SqlError:
    text = f"Incorrect parameter count in the call to native function '{name}'"
    return SqlError(1582, "42000", text)


def regex_too_long() -> SqlError:
    return SqlError(3699, "HY000", "Timeout exceeded in regular expression match")


def nests_too_deep() -> SqlError:
    return SqlError(1436, "HY000", "Thread stack overrun: the statement nests too deep")
