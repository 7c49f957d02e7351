"""MySQL's expressions as SQLite's: the rules, one a kind of node.

Where the two differ in meaning: MySQL compares text with a number as numbers, ignores case,
escapes LIKE with a backslash, and has functions of its own (see functions.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

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


def as_number(node: Node) -> Node:
    """Text as a number: what it starts with, as in MySQL."""
    if isinstance(node, exp.Query) and not isinstance(node, exp.Subquery):
        node = exp.Subquery(this=node.copy())
    return exp.Cast(this=node.copy(), to=exp.DataType.build("double"))


# -- comparisons ------------------------------------------------------------------


def _comparison(node: exp.Binary, aliases: frozenset[str]) -> Node:
    left, right = node.this, node.expression
    if isinstance(right, exp.All | exp.Any):
        return _quantified(node, aliases)
    if is_number(left, aliases) or is_number(right, aliases):
        for key, side in (("this", left), ("expression", right)):
            if isinstance(side, exp.Column) or not is_number(side, aliases):
                node.set(key, _cast_unless_null(side))
    elif not isinstance(left, exp.Column | exp.Collate | exp.Tuple):
        node.set("this", _ignoring_case(left))
    return node


def _cast_unless_null(side: Node) -> Node:
    return side if isinstance(side, exp.Null | exp.Tuple) else as_number(side)


def _ignoring_case(node: Node) -> Node:
    """Columns ignore case by themselves; the results of functions do not."""
    if not isinstance(node, exp.Func | exp.Literal | exp.Paren | exp.Case):
        return node
    return exp.Collate(this=node.copy(), expression=exp.Var(this="NOCASE"))


def _quantified(node: exp.Binary, aliases: frozenset[str]) -> Node:
    """``> ALL (SELECT x ..)`` is ``> (SELECT MAX(x) ..)``, and so on; ``= ANY`` is IN."""
    query = node.expression.this
    query = query.this if isinstance(query, exp.Subquery) else query
    every = isinstance(node.expression, exp.All)
    if isinstance(node, exp.NEQ if every else exp.EQ):
        inside = exp.In(this=node.this.copy(), query=exp.Subquery(this=query.copy()))
        return exp.Not(this=_in(inside, aliases)) if every else _in(inside, aliases)
    greatest = isinstance(node, exp.GT | exp.GTE) == every
    if isinstance(node, exp.EQ | exp.NEQ) or not isinstance(query, exp.Select):
        raise unsupported("this use of ALL or ANY")
    query = query.copy()
    extreme = exp.Max if greatest else exp.Min
    query.set("expressions", [extreme(this=query.selects[0].unalias())])
    node.set("expression", exp.Subquery(this=query))
    return _comparison(node, aliases)


def _between(node: exp.Between, aliases: frozenset[str]) -> Node:
    if is_number(node.args["low"], aliases) or is_number(node.args["high"], aliases):
        for key in ("this", "low", "high"):
            node.set(key, _cast_unless_null(node.args[key]))
    else:
        node.set("this", _ignoring_case(node.this))
    return node


def _in(node: exp.In, aliases: frozenset[str]) -> Node:
    query = node.args.get("query")
    options = [query] if query is not None else node.expressions
    if isinstance(node.this, exp.Tuple):
        return node
    if any(is_number(option, aliases) for option in options) or is_number(node.this, aliases):
        node.set("this", as_number(node.this))
        if query is None:
            node.set("expressions", [_cast_unless_null(option) for option in options])
        else:
            _cast_selected(query)
    else:
        node.set("this", _ignoring_case(node.this))
    return node


def _cast_selected(query: Node) -> None:
    inner = query.this if isinstance(query, exp.Subquery) else query
    if isinstance(inner, exp.Select) and inner.expressions:
        inner.set("expressions", [as_number(inner.expressions[0].unalias())])


def _case(node: exp.Case, aliases: frozenset[str]) -> Node:
    conditions = [branch.this for branch in node.args["ifs"]]
    if node.this is not None and any(is_number(c, aliases) for c in conditions):
        node.set("this", as_number(node.this))
        for branch in node.args["ifs"]:
            branch.set("this", _cast_unless_null(branch.this))
    elif node.this is not None:
        node.set("this", _ignoring_case(node.this))
    return node


def _nullif(node: exp.Nullif, _aliases: frozenset[str]) -> Node:
    node.set("this", _ignoring_case(node.this))
    return node


def _like(node: exp.Like, _aliases: frozenset[str]) -> Node:
    pattern = node.expression
    parent = node.parent
    if (
        isinstance(pattern, exp.Literal)
        and "\\" in pattern.name
        and not isinstance(parent, exp.Escape)
    ):
        return exp.Escape(this=node.copy(), expression=exp.Literal.string("\\"))
    return node


def _regexp(node: exp.RegexpLike, _aliases: frozenset[str]) -> Node:
    return function("regexp", node.this, node.expression)


def _xor(node: exp.Xor, _aliases: frozenset[str]) -> Node:
    sides = [exp.Not(this=exp.Paren(this=side.copy())) for side in (node.this, node.expression)]
    return exp.Paren(
        this=exp.NEQ(this=exp.Paren(this=sides[0]), expression=exp.Paren(this=sides[1]))
    )


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
    call.set("expressions", [*call.expressions, *(_order_key(key.this) for key in keys)])
    return call


def _order_key(key: Node) -> Node:
    return key.copy()


def _concat(node: exp.Concat, _aliases: frozenset[str]) -> Node:
    return function("concat", *node.expressions)


def _sum(node: exp.Sum, aliases: frozenset[str]) -> Node:
    """The sum of text is a double, also where all of it looks whole."""
    if not isinstance(node.this, exp.Distinct) and not is_number(node.this, aliases):
        node.set("this", as_number(node.this))
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
    exp.EQ: _comparison, exp.NEQ: _comparison, exp.GT: _comparison, exp.GTE: _comparison,
    exp.LT: _comparison, exp.LTE: _comparison, exp.NullSafeEQ: _comparison,
    exp.Between: _between, exp.In: _in, exp.Case: _case, exp.Nullif: _nullif, exp.Like: _like,
    exp.RegexpLike: _regexp, exp.Xor: _xor,
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
