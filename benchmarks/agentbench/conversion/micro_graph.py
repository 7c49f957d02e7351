"""A small graph in which recorded tool calls lead to the recorded answer.

Freebase itself cannot be had. The recorded entities, relations and answers are real, what lies
between them is invented (``sk.*``), each set with one member more than the answer needs, so
that an intersection or an extreme has something to leave out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .original import broken

Triple = list[str]
_CALL = re.compile(r"(\w+)\((.*)\)", re.DOTALL)
_ID = re.compile(r"[mg]\.\w+")  # Freebase's
_MAKING = ("get_neighbors", "intersection", "argmax", "argmin", "count")


def micro_graph(
    actions: Sequence[str], answer: Sequence[Mapping[str, Any]], where: str
) -> tuple[list[Triple], bool]:
    """The triples, and whether playing the calls over them gives the answer."""
    steps = [_parsed(action, where) for action in actions]
    steps = [step for step in steps if step[0] in _MAKING]
    if not steps:
        broken(where, "actions", "a list of calls of which one makes a variable")
    gold = [_node(part) for part in answer]
    graph = _Builder(steps)
    graph.build(gold)
    return graph.sorted(), _played(steps, graph.triples) == set(gold)


class _Builder:
    """Works from the answer back: what each variable must hold, and the triples for it."""

    def __init__(self, steps: Sequence[tuple[str, list[str]]]) -> None:
        self._steps = steps
        self._members: dict[str, list[str]] = {f"#{n}": [] for n in range(len(steps))}
        self._invented = 0
        self.triples: set[tuple[str, str, str]] = set()

    def build(self, gold: Sequence[str]) -> None:
        self._members[f"#{len(self._steps) - 1}"] = list(gold)
        for number in reversed(range(len(self._steps))):
            name, arguments = self._steps[number]
            members = self._members[f"#{number}"] or [self._new()]
            self._members[f"#{number}"] = members
            getattr(self, f"_{name}")(arguments, members)

    def sorted(self) -> list[Triple]:
        return [list(triple) for triple in sorted(self.triples)]

    def _get_neighbors(self, arguments: list[str], members: list[str]) -> None:
        source, relation = arguments
        if source in self._members:
            self._need(source, [] if self._members[source] else [self._new()])
            source = self._members[source][0]
        self.triples |= {(source, relation, member) for member in members}

    def _intersection(self, arguments: list[str], members: list[str]) -> None:
        for variable in arguments:
            self._need(variable, [*members, self._new()])

    def _count(self, arguments: list[str], members: list[str]) -> None:
        number = members[0].strip('"').partition(".")[0]
        wanted = int(number) if number.isdecimal() else 1
        self._need(arguments[0], [self._new() for _ in range(min(wanted, 500))])

    def _argmax(self, arguments: list[str], members: list[str], best: str = "9") -> None:
        variable, attribute = arguments
        other = self._new()
        self._need(variable, [*members, other])
        self.triples |= {(member, attribute, f'"{best}"') for member in members}
        self.triples.add((other, attribute, '"5"'))

    def _argmin(self, arguments: list[str], members: list[str]) -> None:
        self._argmax(arguments, members, best="1")

    def _need(self, variable: str, members: Sequence[str]) -> None:
        there = self._members.get(variable)
        if there is not None:
            there += [member for member in members if member not in there]

    def _new(self) -> str:
        self._invented += 1
        return f"sk.{self._invented:03d}"


def _played(steps: Sequence[tuple[str, list[str]]], triples: set[tuple[str, str, str]]) -> set[str]:
    """What the last variable holds."""
    held: list[set[str]] = []

    def members(name: str) -> set[str]:
        return held[int(name[1:])] if name.startswith("#") else {name}

    for name, arguments in steps:
        source = members(arguments[0])
        if name == "intersection":
            held.append(source & members(arguments[1]))
        elif name == "count":
            held.append({f'"{len(source)}"'})
        else:
            found = {(s, o) for s, r, o in triples if s in source and r == arguments[1]}
            if name == "get_neighbors":
                held.append({o for _, o in found})
            else:
                extreme = (max if name == "argmax" else min)(o for _, o in found)
                held.append({s for s, o in found if o == extreme})
    return held[-1]


def _parsed(action: str, where: str) -> tuple[str, list[str]]:
    match = _CALL.fullmatch(action.strip())
    if match is None:
        broken(where, "actions", f"a list of calls; {action[:60]!r} is none")
    arguments = [part.strip() for part in match[2].split(",")]
    wanted = 1 if match[1] in ("count", "get_relations", "get_attributes") else 2
    if len(arguments) != wanted:
        broken(where, "actions", f"a list of calls; {action[:60]!r} needs {wanted} arguments")
    return match[1], arguments


def _node(part: Mapping[str, Any]) -> str:
    """An entity's id as it is, a value as a literal; some answers do not say which they are."""
    value = str(part["answer_argument"])
    kind = part.get("answer_type") or ("Entity" if _ID.fullmatch(value) else "Value")
    return value if kind == "Entity" else f'"{value}"'
