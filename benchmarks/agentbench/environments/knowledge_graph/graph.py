"""A task's graph in an RDF store, and the questions that the tools put to it in SPARQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias, cast
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

Triple: TypeAlias = tuple[str, str, str]
"""Subject, property, object; an object in double quotes is a literal, maybe with ``@en``."""
Members: TypeAlias = frozenset[str]
"""Nodes by id, and literals in their double quotes."""
Term: TypeAlias = NamedNode | Literal

_NODE, _PROPERTY = "urn:node:", "urn:property:"


class Graph:
    """The triples of one task. Literals of other languages than English do not count."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._store = Store()
        quads = (_quad(*triple) for triple in triples)
        self._store.extend(quad for quad in quads if quad is not None)

    def properties(self, members: Members) -> list[str]:
        """The properties that lead out of any of the members, sorted."""
        rows = self._rows("SELECT DISTINCT ?p WHERE { VALUES ?s { %s } ?s ?p ?o }", members)
        return sorted(_name(row["p"]) for row in rows)

    def neighbours(self, members: Members, relation: str) -> Members:
        """What the relation leads to from any of the members."""
        query = "SELECT DISTINCT ?o WHERE { VALUES ?s { %s } ?s " + _iri(relation) + " ?o }"
        return frozenset(_text(row["o"]) for row in self._rows(query, members))

    def values(self, members: Members, attribute: str) -> list[tuple[str, str]]:
        """(member, value) for every value that a member has, sorted."""
        query = "SELECT DISTINCT ?s ?o WHERE { VALUES ?s { %s } ?s " + _iri(attribute) + " ?o }"
        rows = self._rows(query, members)
        return sorted((_text(row["s"]), cast(Term, row["o"]).value) for row in rows)

    def _rows(self, query: str, members: Members) -> Iterator[QuerySolution]:
        # Each step starts from members that are known: nested patterns would multiply.
        terms = " ".join(str(_term(member)) for member in sorted(members))
        return cast(QuerySolutions, self._store.query(query.replace("%s", terms, 1)))


# -- between our texts and RDF's terms ----------------------------------------------


def _quad(subject: str, name: str, object: str) -> Quad | None:
    if object.startswith('"') and object.rpartition('"')[2].lower() not in ("", "@en"):
        return None
    return Quad(NamedNode(_NODE + quote(subject, safe="")), _property(name), _term(object))


def _term(text: str) -> Term:
    if text.startswith('"') and len(text) > 1:
        return Literal(text[1:].rpartition('"')[0])
    return NamedNode(_NODE + quote(text, safe=""))


def _text(term: object) -> str:
    if isinstance(term, Literal):
        return f'"{term.value}"'
    return unquote(cast(NamedNode, term).value.removeprefix(_NODE))


def _property(name: str) -> NamedNode:
    return NamedNode(_PROPERTY + quote(name, safe=""))


def _iri(name: str) -> str:
    return str(_property(name))


def _name(term: object) -> str:
    return unquote(cast(NamedNode, term).value.removeprefix(_PROPERTY))
