"""What a server tells of its tables: SHOW, DESCRIBE and information_schema."""

from __future__ import annotations

import sqlite3

from sqlglot import exp, parse_one

from .engine import SqlError
from .messages import DATABASE, in_words, unsupported

_TABLES = f"""
SELECT 'def' AS TABLE_CATALOG, '{DATABASE}' AS TABLE_SCHEMA,
  name COLLATE NOCASE AS TABLE_NAME,
  CASE type WHEN 'view' THEN 'VIEW' ELSE 'BASE TABLE' END AS TABLE_TYPE, 'InnoDB' AS ENGINE
FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'
"""
_COLUMNS = f"""
SELECT 'def' AS TABLE_CATALOG, '{DATABASE}' AS TABLE_SCHEMA,
  m.name COLLATE NOCASE AS TABLE_NAME,
  c.name COLLATE NOCASE AS COLUMN_NAME, c.cid + 1 AS ORDINAL_POSITION,
  c.dflt_value AS COLUMN_DEFAULT,
  CASE c."notnull" WHEN 1 THEN 'NO' ELSE 'YES' END AS IS_NULLABLE,
  my_lower(c.type) AS DATA_TYPE, my_lower(c.type) AS COLUMN_TYPE,
  CASE c.pk WHEN 0 THEN '' ELSE 'PRI' END AS COLUMN_KEY, '' AS EXTRA
FROM sqlite_master AS m, pragma_table_info(m.name) AS c
WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite%'
"""
_SCHEMATA = f"SELECT 'def' AS CATALOG_NAME, '{DATABASE}' AS SCHEMA_NAME"
_KNOWN = {"tables": _TABLES, "columns": _COLUMNS, "schemata": _SCHEMATA}

Rows = list[tuple[object, ...]]


def information_schema(table: exp.Table) -> exp.Expr:
    """The sub-select that stands for one of its tables. Raises SqlError."""
    query = _KNOWN.get(table.name.lower())
    if query is None:
        raise SqlError(1109, "42S02", f"Unknown table '{table.name}' in information_schema")
    inner = parse_one(query, read="sqlite")
    return exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(_name(table))))


def _name(table: exp.Table) -> str:
    return table.alias or table.name


def described(connection: sqlite3.Connection, tree: exp.Describe) -> Rows:
    """DESCRIBE of a table. Raises SqlError."""
    if not isinstance(tree.this, exp.Table):
        raise unsupported("EXPLAIN of a statement")
    return _columns(connection, tree.this.name)


def listed(connection: sqlite3.Connection, tree: exp.Show) -> Rows:
    """The rows of a SHOW. Raises SqlError."""
    kind, target = str(tree.name).upper(), tree.args.get("target")
    if kind in ("DATABASES", "SCHEMAS"):
        return [(DATABASE,)]
    if kind == "TABLES":
        names = _matching(connection, [(name,) for name in _names(connection)], tree)
        return [(*row, "BASE TABLE") for row in names] if tree.args.get("full") else names
    if kind in ("WARNINGS", "ERRORS"):
        return []
    if target is None:
        raise unsupported(f"SHOW {kind}")
    if kind == "COLUMNS":
        return _shown_columns(connection, tree, target.name)
    if kind == "CREATE TABLE":
        return [(target.name, _definition(connection, target.name))]
    if kind in ("INDEX", "INDEXES", "KEYS"):
        _columns(connection, target.name)
        return []
    raise unsupported(f"SHOW {kind}")


def _names(connection: sqlite3.Connection) -> list[str]:
    return [str(name) for (name,) in connection.execute(f"SELECT TABLE_NAME FROM ({_TABLES})")]


def _columns(connection: sqlite3.Connection, table: str) -> Rows:
    query = (
        "SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_KEY, COLUMN_DEFAULT, EXTRA "
        f"FROM ({_COLUMNS}) WHERE TABLE_NAME = ? ORDER BY ORDINAL_POSITION"
    )
    rows = [tuple(row) for row in connection.execute(query, (table,))]
    if not rows:
        raise in_words(f"no such table: {table}")
    return rows


def _shown_columns(connection: sqlite3.Connection, tree: exp.Show, table: str) -> Rows:
    rows = _matching(connection, _columns(connection, table), tree)
    if not tree.args.get("full"):
        return rows
    return [
        (name, kind, "utf8mb4_0900_ai_ci", nullable, key, default, extra, "select", "")
        for name, kind, nullable, key, default, extra in rows
    ]


def _matching(connection: sqlite3.Connection, rows: Rows, tree: exp.Show) -> Rows:
    if tree.args.get("where") is not None:
        raise unsupported("SHOW .. WHERE")
    like = tree.args.get("like")
    if like is None:
        return rows
    pattern = like.name
    return [r for r in rows if connection.execute("SELECT ? LIKE ?", (r[0], pattern)).fetchone()[0]]


def _definition(connection: sqlite3.Connection, table: str) -> str:
    lines = [f"  `{name}` {kind}" for name, kind, *_ in _columns(connection, table)]
    return f"CREATE TABLE `{table}` (\n" + ",\n".join(lines) + "\n)"
