"""MySQL's expressions as SQLite's: the rules, one a kind of node.

Where the two differ in meaning: MySQL compares text with a number as numbers, ignores case,
escapes LIKE with a backslash, and has functions of its own (see functions.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from . import comparisons
from .functions import NAMES, PREFIX
from .messages import DATABASE, unsupported
from .typing_rules import is_number, numeric_aliases

Node = exp.Expr
Rule = Callable[[Any, frozenset[str]], Node]

_UNITS = frozenset(["year", "quarter", "month", "week", "day", "hour", "minute", "second"])


def rewritten(tree: Node) -> Node:
    """The statement with every expression in SQLite's terms. Raises SqlError."""
    aliases = numeric_aliases(tree)
    # From the leaves up: a rule finds what it holds rewritten already.
    for node in reversed(list(tree.walk())):
        rule = _rule(type(node))
        if rule is None:
            continue
        new = rule(node, aliases)
        if new is node:
            continue
        if node is tree:
            tree = new
        else:
            node.replace(new)
    return tree


def _rule(kind: type) -> Rule | None:
    if kind not in _FOUND:
        _FOUND[kind] = next((_RULES[base] for base in kind.__mro__ if base in _RULES), None)
    return _FOUND[kind]


def function(name: str, *arguments: Node | str | int) -> exp.Anonymous:
    """A call of one of our functions; its plain arguments become literals."""
    return exp.Anonymous(this=PREFIX + name, expressions=[_literal(a) for a in arguments])


def _literal(value: Node | str | int) -> Node:
    if isinstance(value, exp.Expr):
        return value.copy()
    return exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(value)


# -- calls ------------------------------------------------------------------------


def _call(node: exp.Anonymous, _aliases: frozenset[str]) -> Node:
    name = node.name.lower()
    arguments = [_unit_as_text(a) for a in node.expressions]
    if name in ("concat", "concat_ws"):
        arguments = [_as_written(a) for a in arguments]
    if name == "timestampdiff" and arguments and isinstance(arguments[0], exp.Column):
        arguments[0] = exp.Literal.string(arguments[0].name)
    if name in ("date_add", "date_sub", "adddate", "subdate") and len(arguments) == 2:
        amount = arguments[1]
        split = _interval(amount) if isinstance(amount, exp.Interval) else (amount, "DAY")
        arguments = [arguments[0], split[0], exp.Literal.string(split[1])]
    return function(name, *arguments) if name in NAMES else node


def _as_written(node: Node) -> Node:
    """A number that becomes text keeps its zeros: 2.50."""
    if isinstance(node, exp.Literal) and not node.is_string:
        return exp.Literal.string(node.name)
    return node


def _unit_as_text(node: Node) -> Node:
    return exp.Literal.string(node.name) if isinstance(node, exp.Var) else node


def _interval(node: exp.Interval) -> tuple[Node, str]:
    unit = node.args.get("unit")
    name = unit.name.lower() if unit is not None else ""
    if name not in _UNITS or node.this is None:
        raise unsupported(f"INTERVAL .. {name.upper()}")
    return node.this, name.upper()


def _sum_of_dates(node: exp.Binary, _aliases: frozenset[str]) -> Node:
    name = "date_add" if isinstance(node, exp.Add) else "date_sub"
    for one, other in ((node.this, node.expression), (node.expression, node.this)):
        if isinstance(other, exp.Interval):
            return function(name, one, *_interval(other))
    return node


def _cast(node: exp.Cast, _aliases: frozenset[str]) -> Node:
    kind = node.to
    if kind.is_type("decimal"):
        places = [int(p.name) for p in kind.expressions if p.name.isdigit()]
        return function("round", node.this, places[1] if len(places) > 1 else 0)
    if kind.is_type(*exp.DataType.INTEGER_TYPES):
        return exp.Cast(this=node.this.copy(), to=exp.DataType.build("int"))
    if kind.is_type("date", "datetime", "timestamp", "time"):
        return function(kind.this.value.lower(), node.this)
    if kind.is_type("binary", "varbinary"):
        return exp.Collate(this=node.this.copy(), expression=exp.Var(this="BINARY"))
    if kind.is_type("float", "double"):
        return exp.Cast(this=node.this.copy(), to=exp.DataType.build("double"))
    return exp.Cast(this=node.this.copy(), to=exp.DataType.build("text"))


def _collate(node: exp.Collate, _aliases: frozenset[str]) -> Node:
    exact = node.expression.name.lower().endswith(("_bin", "_cs", "binary"))
    node.set("expression", exp.Var(this="BINARY" if exact else "NOCASE"))
    return node


def _group_concat(node: exp.GroupConcat, _aliases: frozenset[str]) -> Node:
    inner, keys = node.this, []
    if isinstance(inner, exp.Order):
        keys, inner = inner.expressions, inner.this
    distinct = isinstance(inner, exp.Distinct)
    value = inner.expressions[0] if distinct else inner
    directions = "".join("d" if key.args.get("desc") else "a" for key in keys)
    separator = node.args.get("separator") or ","
    call = function("group_concat", separator, int(distinct), directions, value)
    call.set("expressions", [*call.expressions, *(key.this.copy() for key in keys)])
    return call


def _regexp(node: exp.RegexpLike, _aliases: frozenset[str]) -> Node:
    return function("regexp", node.this, node.expression)


def _concat(node: exp.Concat, _aliases: frozenset[str]) -> Node:
    return function("concat", *node.expressions)


def _sum(node: exp.Sum, aliases: frozenset[str]) -> Node:
    """The sum of text is a double, also where all of it looks whole."""
    if not isinstance(node.this, exp.Distinct) and not is_number(node.this, aliases):
        node.set("this", comparisons.as_number(node.this))
    return node


def _count(node: exp.Count, _aliases: frozenset[str]) -> Node:
    """SQLite counts one distinct expression only; a row with a NULL does not count."""
    inner = node.this
    if isinstance(inner, exp.Distinct) and len(inner.expressions) > 1:
        parts: list[Node] = []
        for value in inner.expressions:
            parts += [value, exp.Literal.string("\x1f")]
        inner.set("expressions", [function("concat", *parts)])
    return node


def _renamed(name: str) -> Rule:
    return lambda node, _aliases: function(name, *([node.this] if node.this else []))


def _extract(node: exp.Extract, _aliases: frozenset[str]) -> Node:
    unit = node.name.lower()
    if unit not in _UNITS:
        raise unsupported(f"EXTRACT({unit.upper()} ..)")
    return function(unit, node.expression)


def _mod(node: exp.Mod, _aliases: frozenset[str]) -> Node:
    return function("mod", node.this, node.expression)


def _position(node: exp.StrPosition, _aliases: frozenset[str]) -> Node:
    return function("locate", node.args["substr"], node.this)


def _substring(node: exp.Substring, _aliases: frozenset[str]) -> Node:
    return function("mid", *(node.args[k] for k in ("this", "start", "length") if node.args.get(k)))


def _null(_node: Node, _aliases: frozenset[str]) -> Node:
    """A user variable: every statement has a session of its own, so none is ever set."""
    return exp.Null()


def _refused(what: str) -> Rule:
    def refuse(_node: Node, _aliases: frozenset[str]) -> Node:
        raise unsupported(what)

    return refuse


# -- tables -----------------------------------------------------------------------


def _table(node: exp.Table, _aliases: frozenset[str]) -> Node:
    """Our own database's name is left out; information_schema becomes a sub-select."""
    schema = node.db.lower()
    if schema == DATABASE:
        node.set("db", None)
    elif schema == "information_schema":
        from .catalogue import information_schema

        return information_schema(node)
    return node


def _column(node: exp.Column, _aliases: frozenset[str]) -> Node:
    if node.db.lower() == DATABASE:
        node.set("db", None)
    return node


_RULES: dict[type, Rule] = {
    exp.EQ: comparisons.comparison, exp.NEQ: comparisons.comparison,
    exp.GT: comparisons.comparison, exp.GTE: comparisons.comparison,
    exp.LT: comparisons.comparison, exp.LTE: comparisons.comparison,
    exp.NullSafeEQ: comparisons.comparison, exp.Between: comparisons.between,
    exp.In: comparisons.in_, exp.Case: comparisons.case, exp.Nullif: comparisons.nullif,
    exp.Like: comparisons.like, exp.Xor: comparisons.xor,
    exp.RegexpLike: _regexp,
    exp.Anonymous: _call, exp.Add: _sum_of_dates, exp.Sub: _sum_of_dates, exp.Cast: _cast,
    exp.Collate: _collate, exp.GroupConcat: _group_concat, exp.Concat: _concat,
    exp.Sum: _sum, exp.Count: _count, exp.Extract: _extract, exp.Mod: _mod,
    exp.StrPosition: _position, exp.Substring: _substring,
    exp.Ceil: _renamed("ceil"), exp.Floor: _renamed("floor"),
    exp.CurrentDate: _renamed("curdate"), exp.CurrentTime: _renamed("curtime"),
    exp.CurrentTimestamp: _renamed("now"), exp.CurrentUser: _renamed("user"),
    exp.Localtimestamp: _renamed("now"), exp.Localtime: _renamed("now"),
    exp.Parameter: _null, exp.SessionParameter: _null,
    exp.Placeholder: _refused("a placeholder"), exp.MatchAgainst: _refused("MATCH .. AGAINST"),
    exp.Table: _table, exp.Column: _column,
}  # fmt: skip
_FOUND: dict[type, Rule | None] = {}
"""The rule of each kind of node that was met, its own or that of a base."""
