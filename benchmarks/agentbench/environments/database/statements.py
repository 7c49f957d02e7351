"""A statement of the agent's as what the SQLite engine does for it."""

from __future__ import annotations

from sqlglot import exp

from .dialect import ODD_TREE, written
from .engine import SqlError
from .messages import nests_too_deep, syntax_error, unsupported
from .rewriting import rewritten

_QUERIES = (exp.Query, exp.Subquery)
_IDLE = (exp.Use, exp.Set, exp.Transaction, exp.Commit, exp.Rollback)
"""Every call has a session of its own and is committed: these have no effect."""


def statements_for(tree: exp.Expr) -> list[str]:
    """SQLite's statements for a tree, none where it has no effect. Raises SqlError."""
    try:
        return _statements(tree)
    except ODD_TREE:
        raise syntax_error("") from None
    except RecursionError:
        raise nests_too_deep() from None


def _statements(tree: exp.Expr) -> list[str]:
    if isinstance(tree, _IDLE):
        return []
    if isinstance(tree, exp.TruncateTable):
        return [written(exp.Delete(this=table)) for table in rewritten(tree).expressions]
    if isinstance(tree, exp.Drop):
        return _drop(tree)
    for kind, prepare in _KINDS:
        if isinstance(tree, kind):
            return [written(prepare(rewritten(tree)))]
    raise unsupported(tree.sql("mysql")[:40] or type(tree).__name__.upper())


# -- queries ----------------------------------------------------------------------


def _query(tree: exp.Expr) -> exp.Expr:
    while isinstance(tree, exp.Subquery) and not tree.alias:
        tree = tree.this
    for union in tree.find_all(exp.SetOperation):
        for key in ("this", "expression"):
            union.set(key, _member(union.args[key]))
    for select in tree.find_all(exp.Select):
        select.set("locks", None)
        select.set("operation_modifiers", None)
        group = select.args.get("group")
        if group is not None and any(group.args.get(k) for k in ("rollup", "cube", "totals")):
            raise unsupported("WITH ROLLUP")
    return tree


def _member(query: exp.Expr) -> exp.Expr:
    """SQLite has no brackets around the parts of a UNION."""
    return exp.select("*").from_(query.copy()) if isinstance(query, exp.Subquery) else query


# -- changes ----------------------------------------------------------------------


def _insert(tree: exp.Expr) -> exp.Expr:
    # Tables of text have no keys: ON DUPLICATE KEY UPDATE can never come into force.
    tree.set("conflict", None)
    values = tree.expression
    if isinstance(values, exp.Values):
        for row in values.expressions:
            row.set("expressions", [_stored(value) for value in row.expressions])
    if values is not None:
        _query(values)
    return tree


def _stored(value: exp.Expr) -> exp.Expr:
    """A number is stored as it is written: 2.50 keeps its zero."""
    if isinstance(value, exp.Var) and value.name.upper() == "DEFAULT":
        return exp.Null()
    if isinstance(value, exp.Literal) and not value.is_string:
        exponent = "e" in value.name.lower()
        return value if exponent else exp.Literal.string(value.name)
    if isinstance(value, exp.Neg) and isinstance(value.this, exp.Literal):
        return exp.Literal.string("-" + value.this.name)
    return value


def _update(tree: exp.Expr) -> exp.Expr:
    settings = []
    for setting in tree.expressions:
        # The rule for comparisons has seen this assignment too: its sides are undone.
        column = setting.this.find(exp.Column) or setting.this
        value = setting.expression
        settings.append(
            exp.EQ(this=exp.column(column.this.copy()), expression=_stored(value.copy()))
        )
    tree.set("expressions", settings)
    _join_to_from(tree)
    return _limited(tree)


def _join_to_from(tree: exp.Expr) -> None:
    """``UPDATE t JOIN u ON .. SET ..`` as ``UPDATE t SET .. FROM u WHERE ..``."""
    joins = tree.this.args.get("joins")
    if not joins:
        return
    if len(joins) > 1 or joins[0].side or joins[0].args.get("using"):
        raise unsupported("UPDATE of more than two tables")
    tree.this.set("joins", None)
    tree.set("from_" if "from_" in tree.arg_types else "from", exp.From(this=joins[0].this))
    on, where = joins[0].args.get("on"), tree.args.get("where")
    conditions = [c for c in (on, where.this if where else None) if c is not None]
    if conditions:
        tree.set("where", exp.Where(this=exp.and_(*conditions)))


def _delete(tree: exp.Expr) -> exp.Expr:
    targets = tree.args.get("tables")
    if not targets:
        return _limited(tree)
    if len(targets) > 1:
        raise unsupported("DELETE from more than one table")
    chosen, source = targets[0].name, tree.this
    inner = exp.select(exp.column("rowid", table=chosen)).from_(source.copy())
    inner.set("where", tree.args.get("where"))
    return _where_row_in(exp.Delete(this=_named(tree, chosen)), inner)


def _named(tree: exp.Expr, alias: str) -> exp.Expr:
    """The table that an alias of the statement stands for."""
    for table in tree.this.find_all(exp.Table):
        if alias.lower() in (table.alias.lower(), table.name.lower()):
            return exp.Table(this=table.this.copy())
    raise SqlError(1109, "42S02", f"Unknown table '{alias}' in MULTI DELETE")


def _limited(tree: exp.Expr) -> exp.Expr:
    """ORDER BY and LIMIT of a change go into a sub-select of its rows."""
    order, limit = tree.args.get("order"), tree.args.get("limit")
    if order is None and limit is None:
        return tree
    inner = exp.select(exp.column("rowid")).from_(tree.this.copy())
    for key in ("where", "order", "limit"):
        inner.set(key, tree.args.get(key))
        tree.set(key, None)
    return _where_row_in(tree, inner)


def _where_row_in(tree: exp.Expr, rows: exp.Expr) -> exp.Expr:
    inside = exp.In(this=exp.column("rowid"), query=exp.Subquery(this=rows))
    tree.set("where", exp.Where(this=inside))
    return tree


# -- definitions ------------------------------------------------------------------


def _create(tree: exp.Expr) -> exp.Expr:
    kind = str(tree.args.get("kind") or "").upper()
    if kind not in ("TABLE", "VIEW", "INDEX"):
        raise unsupported(f"CREATE {kind}")
    tree.set("properties", None)
    schema = tree.this
    if kind == "TABLE" and isinstance(schema, exp.Schema):
        kept = [part for part in schema.expressions if not isinstance(part, _INDEX_PARTS)]
        schema.set("expressions", kept)
    for constraint in list(tree.find_all(exp.ColumnConstraint)):
        if isinstance(constraint.args.get("kind"), _FOREIGN_CONSTRAINTS):
            constraint.pop()
    return tree


_INDEX_PARTS = (exp.IndexColumnConstraint,)
_FOREIGN_CONSTRAINTS = (
    exp.CharacterSetColumnConstraint,
    exp.CollateColumnConstraint,
    exp.CommentColumnConstraint,
    exp.OnUpdateColumnConstraint,
)


def _drop(tree: exp.Drop) -> list[str]:
    kind = str(tree.args.get("kind") or "").upper()
    if kind not in ("TABLE", "VIEW", "INDEX"):
        raise SqlError(1044, "42000", f"Access denied: DROP {kind} is not for this user")
    tables = tree.args.get("tables") or [tree.this]
    word = f"DROP {kind} {'IF EXISTS ' if tree.args.get('exists') else ''}"
    return [word + written(exp.to_identifier(table.name, quoted=True)) for table in tables]


def _alter(tree: exp.Expr) -> exp.Expr:
    for action in tree.args.get("actions") or []:
        if isinstance(action, exp.AlterColumn) or "Modify" in type(action).__name__:
            raise unsupported("ALTER TABLE .. MODIFY")
        if isinstance(action, exp.ColumnDef):
            action.set("position", None)
    return tree


_KINDS = (
    (_QUERIES, _query),
    (exp.Insert, _insert),
    (exp.Update, _update),
    (exp.Delete, _delete),
    (exp.Create, _create),
    (exp.Alter, _alter),
)
