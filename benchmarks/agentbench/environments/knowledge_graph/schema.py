"""Which relations and attributes the tools may speak of, and what they lead to."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..published_lines import Line, broken, lines, text
from .vocabulary import vocabulary

RELATION, ATTRIBUTE = "relation", "attribute"
KINDS = (RELATION, ATTRIBUTE, "other")
UNKNOWN = "type.object"
"""The type of what a relation without a schema leads to."""


@dataclass(frozen=True)
class Property:
    """An entry of the schema: ``range`` is the type of its objects."""

    kind: str
    range: str


@dataclass(frozen=True)
class Schema:
    """The vocabulary of the tools: properties by name."""

    properties: Mapping[str, Property]

    def relations(self, names: Iterable[str]) -> list[str]:
        """Those of the names that get_relations may list, sorted."""
        return self._of_kind(RELATION, names)

    def attributes(self, names: Iterable[str]) -> list[str]:
        return self._of_kind(ATTRIBUTE, names)

    def _of_kind(self, kind: str, names: Iterable[str]) -> list[str]:
        found = self.properties
        return sorted(name for name in names if name in found and found[name].kind == kind)

    def range(self, relation: str) -> str:
        return self.properties[relation].range

    def with_unknown(self, kinds: Mapping[str, str]) -> Schema:
        """Also with properties that the schema lacks; ``kinds`` gives the kind of each."""
        new = {n: Property(k, UNKNOWN) for n, k in kinds.items() if n not in self.properties}
        return Schema({**self.properties, **new})


def schema_for(folder: Path | None) -> tuple[Schema, bool]:
    """The schema of a data set's folder, and whether it is the folder's own (else ours).

    Raises UsageMistake for a broken file.
    """
    published = _published(folder) if folder is not None else None
    return (published, True) if published else (bundled(), False)


@functools.cache
def bundled() -> Schema:
    """The vocabulary of our own."""
    words = vocabulary()
    properties = {link.name: Property(RELATION, link.range) for link in words.links}
    properties |= {m.name: Property(ATTRIBUTE, f"type.{m.kind}") for m in words.measures}
    return Schema(properties)


@functools.cache
def _published(folder: Path) -> Schema | None:
    found = (line for line in lines(folder, "kg") if line.split == "schema")
    properties = dict(map(_property, found))
    return Schema(properties) if properties else None


def _property(line: Line) -> tuple[str, Property]:
    where, _, fields = line
    kind = text(fields, "kind", where)
    if kind not in KINDS:
        raise broken(where, "kind", f"one of {', '.join(KINDS)}", kind)
    return text(fields, "relation", where), Property(kind, text(fields, "range", where))
