"""The seven tools over a graph: what they check, make and say (specification, section 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from .graph import Graph
from .schema import Schema
from .variables import NUMBER, Variable

T = TypeVar("T")
_REFERENCE = re.compile(r"\s*#(\d{1,6})\s*", re.ASCII)


class ToolError(Exception):
    """A call that cannot be carried out; the message is for the agent."""


class Toolbox:
    """The variables made so far, and what has been listed for what.

    ``entities`` maps the names that tools may start from to ids: the agent knows names only.
    """

    def __init__(self, graph: Graph, schema: Schema, entities: Mapping[str, str]) -> None:
        self._graph, self._schema, self._entities = graph, schema, entities
        self.variables: tuple[Variable, ...] = ()
        self._relations: dict[str, list[str]] = {}
        self._attributes: dict[str, list[str]] = {}

    def call(self, name: str, arguments: Mapping[str, str]) -> str:
        """What the tool says. Raises ToolError."""
        tools: dict[str, Callable[..., str]] = {
            "get_relations": self.get_relations,
            "get_neighbors": self.get_neighbors,
            "intersection": self.intersection,
            "get_attributes": self.get_attributes,
            "argmax": self.argmax,
            "argmin": self.argmin,
            "count": self.count,
        }
        return tools[name](**arguments)

    # -- the tools --------------------------------------------------------------------

    def get_relations(self, variable: str) -> str:
        return _listed(self._relations_of(self._key(variable)))

    def get_neighbors(self, variable: str, relation: str) -> str:
        key, name = self._key(variable), relation.strip()
        if name not in self._relations_of(key):
            raise ToolError(f"{_shown(name)} is not a relation of {key}; get_relations lists them")
        source = self._node(key)
        found = self._graph.neighbours(source.members, name)
        return self._made(Variable(self._schema.range(name), found, source.entities))

    def intersection(self, variable1: str, variable2: str) -> str:
        one, other = self._variable(variable1), self._variable(variable2)
        both = one.members & other.members
        # An entity may have many types: what both hold is of either.
        if one.type != other.type and not both:
            raise ToolError(
                f"{variable1.strip()} and {variable2.strip()} must have the same type; "
                f"they are {one.type} and {other.type}"
            )
        return self._made(Variable(one.type, both, one.entities | other.entities))

    def get_attributes(self, variable: str) -> str:
        self._variable(variable)
        return _listed(self._attributes_of(self._key(variable)))

    def argmax(self, variable: str, attribute: str) -> str:
        return self._extreme(variable, attribute, max)

    def argmin(self, variable: str, attribute: str) -> str:
        return self._extreme(variable, attribute, min)

    def count(self, variable: str) -> str:
        source = self._variable(variable)
        number = frozenset({f'"{len(source.answer)}"'})
        return self._made(Variable(NUMBER, number, source.entities))

    def _extreme(
        self, name: str, attribute: str, choose: Callable[[list[tuple[float, str]]], T]
    ) -> str:
        source, key, wanted = self._variable(name), self._key(name), attribute.strip()
        if wanted not in self._attributes.get(key, ()):
            raise ToolError(
                f"{_shown(wanted)} has not been listed for {key}; get_attributes lists them"
            )
        pairs = [(m, comparable(v)) for m, v in self._graph.values(source.members, wanted)]
        best = choose([value for _, value in pairs]) if pairs else None
        members = frozenset(member for member, value in pairs if value == best)
        # Where the extreme is an entity of the question, it is the answer: labels have it so.
        return self._made(Variable(source.type, members))

    def _made(self, variable: Variable) -> str:
        self.variables += (variable,)
        return variable.described(len(self.variables) - 1)

    # -- what the arguments refer to --------------------------------------------------

    def _key(self, text: str) -> str:
        """``#n`` for a variable, the id for an entity of the question. Raises ToolError."""
        reference = _REFERENCE.fullmatch(text)
        if reference:
            return f"#{self.index(text)}"
        entity = self._entity(text.strip())
        if entity is None:
            names = ", ".join(n for n, id in self._entities.items() if n != id) or "none"
            raise ToolError(
                f"{_shown(text)} is neither a variable, such as #0, nor an entity of the "
                f"question: {names}"
            )
        return entity

    def _entity(self, name: str) -> str | None:
        if name in self._entities.values():
            return name
        folded = {known.strip().casefold(): id for known, id in self._entities.items()}
        return self._entities.get(name, folded.get(name.casefold()))

    def index(self, text: str) -> int:
        """The number of a variable that there is. Raises ToolError."""
        reference = _REFERENCE.fullmatch(text)
        if reference is None:
            raise ToolError(f"{_shown(text)} is not a variable, such as #0")
        number = int(reference[1])
        if number >= len(self.variables):
            raise ToolError(f"there is no variable #{number}")
        return number

    def _variable(self, text: str) -> Variable:
        return self.variables[self.index(text)]

    def _node(self, key: str) -> Variable:
        """A variable, or an entity as the set of itself."""
        if key.startswith("#"):
            return self._variable(key)
        return Variable("", frozenset({key}), frozenset({key}))

    # -- what is listed ---------------------------------------------------------------

    def _relations_of(self, key: str) -> list[str]:
        if key not in self._relations:
            properties = self._graph.properties(self._node(key).members)
            self._relations[key] = self._schema.relations(properties)
        return self._relations[key]

    def _attributes_of(self, key: str) -> list[str]:
        if key not in self._attributes:
            properties = self._graph.properties(self._node(key).members)
            self._attributes[key] = self._schema.attributes(properties)
        return self._attributes[key]

    # -- state ------------------------------------------------------------------------

    def state(self) -> tuple[tuple[Variable, ...], frozenset[str]]:
        """All that a restore needs: the variables, and for which the attributes were listed."""
        return self.variables, frozenset(self._attributes)

    def set_state(self, state: tuple[tuple[Variable, ...], frozenset[str]]) -> None:
        self.variables, listed = state
        self._relations.clear()
        self._attributes.clear()
        for key in sorted(listed):
            self._attributes_of(key)


def comparable(value: str) -> tuple[float, str]:
    """An attribute's value: numbers by size; dates as text, without their time zone."""
    text = value.replace("-08:00", "")
    try:
        number = float(text)
    except ValueError:
        return (0.0, text)
    return (number, "") if number == number else (0.0, text)


def _listed(names: Sequence[str]) -> str:
    return f"[{', '.join(names)}]"


def _shown(text: str) -> str:
    """An argument in an error: cut, control characters made visible."""
    return repr(text.strip()[:80])
