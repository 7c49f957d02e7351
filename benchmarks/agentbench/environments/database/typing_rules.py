"""Which expressions are numbers in MySQL's eyes. A task's columns are text."""

from __future__ import annotations

from sqlglot import exp

from .functions import NUMERIC, PREFIX

_NUMBERS = (
    exp.Boolean, exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod,
    exp.Count, exp.Sum, exp.Avg, exp.Predicate, exp.Not,
)  # fmt: skip
_WRAPPERS = (exp.Paren, exp.Alias, exp.Window, exp.Max, exp.Min, exp.Distinct)


def is_number(node: exp.Expr | None, aliases: frozenset[str] = frozenset()) -> bool:
    """Whether MySQL compares this expression as a number.

    ``aliases`` are the lower-case names of numeric results, which columns may refer to.
    """
    if node is None:
        return False
    if isinstance(node, exp.Literal):
        return not node.is_string
    if isinstance(node, exp.Cast):
        return not node.to.is_type(*exp.DataType.TEXT_TYPES, "date", "datetime", "timestamp")
    if isinstance(node, exp.Column):
        return node.name.lower() in aliases
    if isinstance(node, exp.Anonymous):
        return node.name.lower().removeprefix(PREFIX) in NUMERIC
    if isinstance(node, _WRAPPERS):
        inner = node.expressions[0] if isinstance(node, exp.Distinct) else node.this
        return is_number(inner, aliases)
    return isinstance(node, _NUMBERS) or _by_branches(node, aliases)


def _by_branches(node: exp.Expr, aliases: frozenset[str]) -> bool:
    """CASE, IF, COALESCE and sub-selects are what all that they may give is."""
    if isinstance(node, exp.Case):
        branches = [branch.args["true"] for branch in node.args["ifs"]]
        branches.append(node.args.get("default"))
    elif isinstance(node, exp.If):
        branches = [node.args.get("true"), node.args.get("false")]
    elif isinstance(node, exp.Coalesce):
        branches = [node.this, *node.expressions]
    elif isinstance(node, exp.Query | exp.Subquery):
        branches = list(node.selects[:1])
    else:
        return False
    given = [branch for branch in branches if branch is not None]
    given = [branch for branch in given if not isinstance(branch, exp.Null)]
    return bool(given) and all(is_number(branch, aliases) for branch in given)


def numeric_aliases(tree: exp.Expr) -> frozenset[str]:
    """Names that the statement gives to numeric results, lower-case."""
    found: set[str] = set()
    for alias in reversed(list(tree.find_all(exp.Alias))):
        if is_number(alias.this, frozenset(found)):
            found.add(alias.alias.lower())
    return frozenset(found)
