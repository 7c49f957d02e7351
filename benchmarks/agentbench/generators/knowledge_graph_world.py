"""A generated graph: named nodes of the vocabulary's types, their links and measures."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from random import Random

from ..environments.knowledge_graph.vocabulary import Link, Measure, Vocabulary, vocabulary

NODES = {"easy": (50, 90), "medium": (120, 200), "hard": (300, 450)}
TYPES = {"easy": 5, "medium": 7, "hard": 10}
FAN_OUT = 3

_FIRST = (
    "Ada", "Bruno", "Chiara", "Dagny", "Emil", "Farah", "Goran", "Hedda", "Ivo", "Jana", "Karim",
    "Lena", "Marek", "Nadia", "Otto", "Petra", "Rafael", "Selma", "Tariq", "Ulla", "Vera", "Yusuf",
)  # fmt: skip
_LAST = (
    "Abel", "Bergström", "Castellan", "Duarte", "Engel", "Faber", "Grant", "Halloran", "Ivers",
    "Janssen", "Kovac", "Lindqvist", "Moreau", "Novak", "Okafor", "Pereira", "Quist", "Rossi",
    "Sørensen", "Tanaka", "Urbina", "Voss",
)  # fmt: skip
_ADJECTIVE = (
    "Amber", "Bitter", "Copper", "Distant", "Early", "Foggy", "Golden", "Hollow", "Inner",
    "Jagged", "Kindred", "Lonely", "Mellow", "Narrow", "Open", "Pale", "Quiet", "Restless",
    "Silent", "Twofold", "Upper", "Velvet", "Western", "Young",
)  # fmt: skip
_NOUN = (
    "Anchor", "Beacon", "Canyon", "Drum", "Echo", "Feather", "Garden", "Harvest", "Island",
    "Journey", "Kingdom", "Lantern", "Meadow", "Notebook", "Ocean", "Prairie", "Quarry", "River",
    "Signal", "Temple", "Umbrella", "Valley", "Window", "Year",
)  # fmt: skip


@dataclass
class GeneratedGraph:
    """``types`` and ``names`` by node id; ``edges`` from (node, relation) to node ids;
    ``values`` from (node, attribute) to the value as the record writes it."""

    types: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    edges: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    values: dict[tuple[str, str], str] = field(default_factory=dict)

    def of_type(self, type: str) -> list[str]:
        return self._by_type[type]

    @functools.cached_property
    def _by_type(self) -> dict[str, list[str]]:
        """Filled when all nodes are there."""
        found = defaultdict(list)
        for node, type in self.types.items():
            found[type].append(node)
        return found

    def links_from(self, nodes: set[str]) -> list[Link]:
        """The links that lead somewhere from any of the nodes, all of one type."""
        type = self.types[min(nodes)]
        links = vocabulary().links_from(type)
        return [link for link in links if any(self.edges.get((n, link.name)) for n in nodes)]

    def follow(self, nodes: set[str], link: Link) -> set[str]:
        return {o for n in nodes for o in self.edges.get((n, link.name), ())}

    def triples(self, among: Container[str] | None = None) -> list[tuple[str, str, str]]:
        """Every edge and value, or those that lead out of the nodes ``among``, sorted."""
        found = [
            (s, p, o)
            for (s, p), objects in self.edges.items()
            if among is None or s in among
            for o in objects
        ]
        found += [
            (s, p, f'"{value}"')
            for (s, p), value in self.values.items()
            if among is None or s in among
        ]
        return sorted(found)


def make_graph(rng: Random, difficulty: str) -> GeneratedGraph:
    """A graph over a few types that hang together."""
    words = vocabulary()
    types = _types(rng, words, TYPES[difficulty])
    graph = GeneratedGraph()
    _add_nodes(rng, graph, types, rng.randint(*NODES[difficulty]))
    # Of each pair the first is drawn; the second is its mirror image.
    for link in words.links[::2]:
        if link.domain in types and link.range in types:
            _add_edges(rng, graph, link)
    for measure in words.measures:
        if measure.domain in types:
            for node in graph.of_type(measure.domain):
                graph.values[node, measure.name] = _value(rng, measure)
    return graph


def _types(rng: Random, words: Vocabulary, count: int) -> list[str]:
    """A type and others that links connect to it."""
    types = [rng.choice(list(words.types))]
    while len(types) < count:
        reachable = sorted(
            {li.range for t in types for li in words.links_from(t) if li.range not in types}
        )
        types.append(rng.choice(reachable))
    return types


def _add_nodes(rng: Random, graph: GeneratedGraph, types: list[str], count: int) -> None:
    people = rng.sample([f"{a} {b}" for a in _FIRST for b in _LAST], count)
    things = rng.sample([f"{a} {b}" for a in _ADJECTIVE for b in _NOUN], count)
    for number in range(count):
        type = types[number % len(types)]
        node = f"e.{number:04d}"
        graph.types[node] = type
        graph.names[node] = people[number] if type == "people.person" else things[number]


def _add_edges(rng: Random, graph: GeneratedGraph, link: Link) -> None:
    objects = graph.of_type(link.range)
    for subject in graph.of_type(link.domain):
        for _ in range(int(rng.random() * (FAN_OUT + 1))):
            object = objects[int(rng.random() * len(objects))]
            forth = graph.edges[subject, link.name]
            if object != subject and object not in forth:
                forth.append(object)
                graph.edges[object, link.reverse].append(subject)


def _value(rng: Random, measure: Measure) -> str:
    if measure.kind == "date":
        year, day = 1800 + int(rng.random() * 220), int(rng.random() * 336)
        return f"{year}-{day // 28 + 1:02d}-{day % 28 + 1:02d}"
    number = 10 + int(rng.random() * 90_000)
    return f"{number / 10:.1f}" if measure.kind == "float" else str(number)
