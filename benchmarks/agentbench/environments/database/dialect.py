"""A statement in MySQL's dialect, parsed. sqlglot is imported with this module: late."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlglot import ErrorLevel, exp
from sqlglot.dialects.mysql import MySQL
from sqlglot.dialects.sqlite import SQLite
from sqlglot.errors import ParseError, SqlglotError, TokenError

from .engine import SqlError
from .messages import nests_too_deep, syntax_error, unsupported

LONGEST_STATEMENT = 100_000
"""Characters of a statement that are read at all."""

ODD_TREE = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What hostile text may raise: sqlglot takes more for SQL than MySQL does, and the trees that
come of it may lack any part."""

_PARSED = ("COUNT", "SUM", "AVG", "MIN", "MAX", "COALESCE", "IFNULL", "NULLIF")
_NOTHING = (type(None), exp.Semicolon)
"""What a comment, or nothing, behind a semicolon is parsed as."""
_REPLACE = re.compile(r"\s*REPLACE\s+(?:INTO\s+)?", re.IGNORECASE)


class TaskMySQL(MySQL):
    """MySQL, of whose functions all but a few stay as they are written: they are ours."""

    class Parser(MySQL.Parser):  # type: ignore[misc, valid-type]  # sqlglot assigns it
        FUNCTIONS = {name: MySQL.Parser.FUNCTIONS[name] for name in _PARSED}  # noqa: RUF012 - as in the base class


class TaskSQLite(SQLite):
    """SQLite with backticks: what stands in them is never taken for a string."""

    class Tokenizer(SQLite.Tokenizer):
        IDENTIFIERS = ["`"]  # noqa: RUF012 - as in the base class


def parsed(sql: str) -> exp.Expr:
    """The one statement in ``sql``. Raises SqlError."""
    _check_text(sql)
    replacing = _REPLACE.match(sql)
    text = "INSERT INTO " + sql[replacing.end() :] if replacing else sql
    with _quiet():
        statements = [tree for tree in _trees(text) if not isinstance(tree, _NOTHING)]
    if not statements:
        raise SqlError(1065, "42000", "Query was empty")
    if len(statements) > 1:
        raise syntax_error(statements[1].sql("mysql") + " (send one statement a call)")
    if replacing:
        statements[0].set("alternative", "REPLACE")
    return statements[0]


def written(tree: exp.Expr) -> str:
    """A tree as SQLite reads it."""
    with _quiet():
        try:
            return tree.sql(TaskSQLite, identify=True, unsupported_level=ErrorLevel.IGNORE)
        except (SqlglotError, RecursionError, ValueError):
            raise unsupported("a construct of this statement") from None


def _check_text(sql: str) -> None:
    if len(sql) > LONGEST_STATEMENT:
        raise SqlError(1153, "08S01", "Got a packet bigger than 'max_allowed_packet' bytes")
    try:
        sql.encode()
    except UnicodeEncodeError:
        raise SqlError(1300, "HY000", "Invalid utf8mb4 character string") from None
    if "\0" in sql:
        raise syntax_error(sql[sql.index("\0") :].replace("\0", "\\0"))


def _trees(text: str) -> list[exp.Expr | None]:
    from sqlglot import parse

    try:
        return parse(text, read=TaskMySQL)
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        near = f"{first.get('highlight') or ''}{first.get('end_context') or ''}"
        raise syntax_error(near or text.strip()[-40:]) from None
    except (TokenError, *ODD_TREE):
        raise syntax_error(text.strip()[-40:]) from None
    except RecursionError:
        raise nests_too_deep() from None


@contextmanager
def _quiet() -> Iterator[None]:
    """What sqlglot would log about a statement is told to the agent instead."""
    logger = logging.getLogger("sqlglot")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
