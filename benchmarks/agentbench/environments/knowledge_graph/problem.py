"""A record's own fields, checked: the graph, the question's entities, the gold set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeGuard

from pytest_smallbench.errors import UsageMistake

from ..published_lines import broken

Triple: TypeAlias = tuple[str, str, str]

_ACTION = re.compile(r"(\w+)\((.*)\)", re.DOTALL)
_PARAMETERS = {
    "get_relations": ("variable",),
    "get_neighbors": ("variable", "relation"),
    "intersection": ("variable1", "variable2"),
    "get_attributes": ("variable",),
    "argmax": ("variable", "attribute"),
    "argmin": ("variable", "attribute"),
    "count": ("variable",),
}


@dataclass(frozen=True)
class Action:
    """A step of the gold chain: a tool and its arguments."""

    tool: str
    arguments: Mapping[str, str]

    @property
    def makes_variable(self) -> bool:
        return not self.tool.startswith("get_") or self.tool == "get_neighbors"


@dataclass(frozen=True)
class Problem:
    """``entities`` maps the names in the question to ids; ``gold`` is None without a label."""

    triples: tuple[Triple, ...] = ()
    entities: Mapping[str, str] = field(default_factory=dict)
    gold: tuple[str, ...] | None = None
    actions: tuple[Action, ...] = ()

    @property
    def starts(self) -> Mapping[str, str]:
        """Where tools may start: the question's entities, and the classes (``common.topic``)
        that a few published chains start from."""
        named = {a.arguments["variable"] for a in self.actions if "variable" in a.arguments}
        known = {*self.entities.values(), *self.entities}
        classes = sorted(n for n in named if not n.startswith("#") and n not in known)
        return {**self.entities, **{name: name for name in classes}}


def problem_of(data: Mapping[str, Any], where: str) -> Problem:
    """The problem in a record's fields; without any, an empty graph and no label.

    ``where`` (file and line, or the task) leads each message. Raises UsageMistake.
    """
    if not data:
        return Problem()
    return Problem(
        triples=_triples(data.get("micro_kg"), where),
        entities=_entities(data.get("entities"), where),
        gold=tuple(_strings(data.get("answer_ids"), "answer_ids", where)),
        actions=tuple(
            action_of(text, where)
            for text in _strings(data.get("gold_actions"), "gold_actions", where)
        ),
    )


def action_of(text: str, where: str) -> Action:
    """``tool(argument,argument)``, parsed. Raises UsageMistake."""
    match = _ACTION.fullmatch(text.strip())
    names = _PARAMETERS.get(match[1]) if match else None
    values = [part.strip() for part in match[2].split(",")] if match else []
    if match is None or names is None or len(names) != len(values):
        raise UsageMistake(f"{where}: field 'gold_actions' holds {text[:60]!r}, no tool's call")
    return Action(match[1], dict(zip(names, values, strict=True)))


def _triples(raw: object, where: str) -> tuple[Triple, ...]:
    found = raw.get("triples") if isinstance(raw, Mapping) else None
    if not _is_list(found):
        raise broken(where, "micro_kg", "an object with triples", raw)
    for triple in found:
        if not _is_list(triple) or len(triple) != 3 or not all(map(_is_name, triple)):
            what = "triples of three texts: subject, property, object"
            raise broken(where, "micro_kg.triples", what, triple)
    return tuple((s, p, o) for s, p, o in found)


def _entities(raw: object, where: str) -> Mapping[str, str]:
    if not isinstance(raw, Mapping) or not all(map(_is_name, [*raw, *raw.values()])):
        raise broken(where, "entities", "an object of names and ids", raw)
    return dict(raw)


def _strings(raw: Any, name: str, where: str) -> Sequence[str]:
    if not _is_list(raw) or not all(isinstance(value, str) for value in raw):
        raise broken(where, name, "a list of texts", raw)
    return list(raw)


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)


def _is_name(value: object) -> bool:
    """A text with something in it, that UTF-8 can hold."""
    try:
        return isinstance(value, str) and bool(value.encode())
    except UnicodeEncodeError:
        return False
