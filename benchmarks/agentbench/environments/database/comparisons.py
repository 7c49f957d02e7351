"""Comparisons as MySQL makes them: by number where a side is one, else without regard to case."""

from __future__ import annotations

from sqlglot import exp

from .messages import unsupported
from .typing_rules import is_number

Node = exp.Expr


def as_number(node: Node) -> Node:
    """Text as a number: what it starts with, as in MySQL."""
    if isinstance(node, exp.Query) and not isinstance(node, exp.Subquery):
        node = exp.Subquery(this=node.copy())
    return exp.Cast(this=node.copy(), to=exp.DataType.build("double"))


def comparison(node: exp.Binary, aliases: frozenset[str]) -> Node:
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
        return exp.Not(this=in_(inside, aliases)) if every else in_(inside, aliases)
    greatest = isinstance(node, exp.GT | exp.GTE) == every
    if isinstance(node, exp.EQ | exp.NEQ) or not isinstance(query, exp.Select):
        raise unsupported("this use of ALL or ANY")
    query = query.copy()
    extreme = exp.Max if greatest else exp.Min
    query.set("expressions", [extreme(this=query.selects[0].unalias())])
    node.set("expression", exp.Subquery(this=query))
    return comparison(node, aliases)


def between(node: exp.Between, aliases: frozenset[str]) -> Node:
    if is_number(node.args["low"], aliases) or is_number(node.args["high"], aliases):
        for key in ("this", "low", "high"):
            node.set(key, _cast_unless_null(node.args[key]))
    else:
        node.set("this", _ignoring_case(node.this))
    return node


def in_(node: exp.In, aliases: frozenset[str]) -> Node:
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


def case(node: exp.Case, aliases: frozenset[str]) -> Node:
    conditions = [branch.this for branch in node.args["ifs"]]
    if node.this is not None and any(is_number(c, aliases) for c in conditions):
        node.set("this", as_number(node.this))
        for branch in node.args["ifs"]:
            branch.set("this", _cast_unless_null(branch.this))
    elif node.this is not None:
        node.set("this", _ignoring_case(node.this))
    return node


def nullif(node: exp.Nullif, _aliases: frozenset[str]) -> Node:
    node.set("this", _ignoring_case(node.this))
    return node


def like(node: exp.Like, _aliases: frozenset[str]) -> Node:
    pattern = node.expression
    parent = node.parent
    if (
        isinstance(pattern, exp.Literal)
        and "\\" in pattern.name
        and not isinstance(parent, exp.Escape)
    ):
        return exp.Escape(this=node.copy(), expression=exp.Literal.string("\\"))
    return node


def xor(node: exp.Xor, _aliases: frozenset[str]) -> Node:
    sides = [exp.Not(this=exp.Paren(this=side.copy())) for side in (node.this, node.expression)]
    return exp.Paren(
        this=exp.NEQ(this=exp.Paren(this=sides[0]), expression=exp.Paren(this=sides[1]))
    )
