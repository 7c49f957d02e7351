"""Programs over a generated graph: tool calls, the sets that they make, and words for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from ..environments.knowledge_graph.toolbox import comparable
from ..environments.knowledge_graph.vocabulary import Link, Measure, vocabulary
from .knowledge_graph_world import GeneratedGraph

MOST_ANSWERS = 10
MOST_COUNTED = 40


@dataclass(frozen=True)
class Program:
    """A chain of tool calls so far.

    ``sets`` are the raw members of the variables made, in their order; ``starts`` are the
    question's entities, which do not count in an answer; ``last`` is the variable to go on
    from, ``words`` the plural phrase for it.
    """

    actions: tuple[str, ...]
    sets: tuple[frozenset[str], ...]
    starts: tuple[str, ...]
    last: int
    type: str
    words: str
    question: str = ""
    filtered: bool = True

    @property
    def members(self) -> set[str]:
        return set(self.sets[self.last])

    def answer_of(self, index: int) -> frozenset[str]:
        """What the variable would be as an answer."""
        if self.filtered or index != self.last:
            return self.sets[index] - set(self.starts)
        return self.sets[index]

    @property
    def answer(self) -> frozenset[str]:
        return self.answer_of(self.last)


def path(rng: Random, graph: GeneratedGraph, joins: int) -> Program | None:
    """From one entity along so many links; None where it ends before."""
    start = rng.choice(list(graph.types))
    program = Program((), (), (start,), -1, graph.types[start], graph.names[start])
    for _ in range(joins):
        nodes = program.members if program.sets else {start}
        links = graph.links_from(nodes)
        if not links:
            return None
        program = _join(graph, program, rng.choice(links))
    return program


def _join(graph: GeneratedGraph, program: Program, link: Link) -> Program:
    source = f"#{program.last}" if program.sets else program.starts[0]
    nodes = program.members if program.sets else set(program.starts)
    made = frozenset(graph.follow(nodes, link))
    inner = f"the {program.words}" if program.sets else program.words
    return replace(
        program,
        actions=(*program.actions, f"get_relations({source})", _call(source, link)),
        sets=(*program.sets, made),
        last=len(program.sets),
        type=link.range,
        words=link.phrase.format(inner),
    )


def _call(source: str, link: Link) -> str:
    return f"get_neighbors({source},{link.name})"


def crossed(rng: Random, graph: GeneratedGraph, program: Program) -> Program | None:
    """The program's members that another entity leads to as well."""
    member = rng.choice(sorted(program.answer)) if program.answer else None
    links = graph.links_from({member}) if member else []
    if member is None or not links:
        return None
    back = rng.choice(links)
    other = rng.choice(sorted(graph.follow({member}, back)))
    if other in program.starts:
        return None
    forth = next(link for link in vocabulary().links if link.name == back.reverse)
    second = frozenset(graph.follow({other}, forth))
    number = len(program.sets)
    both = program.sets[program.last] & second
    return replace(
        program,
        actions=(
            *program.actions,
            f"get_relations({other})",
            _call(other, forth),
            f"intersection(#{program.last},#{number})",
        ),
        sets=(*program.sets, second, both),
        starts=(*program.starts, other),
        last=number + 1,
        words=f"{program.words} that are also among the {forth.phrase.format(graph.names[other])}",
    )


# -- what is asked in the end -------------------------------------------------------


def listed(rng: Random, program: Program) -> Program:
    """The members themselves."""
    noun = vocabulary().types[program.type]
    question = rng.choice(
        [
            f"What are the {program.words}?",
            f"Name the {program.words}.",
            f"Which {noun} are the {program.words}?",
            f"Find all {program.words}.",
        ]
    )
    return replace(program, question=question)


def counted(rng: Random, program: Program) -> Program | None:
    """How many members there are."""
    number = len(program.answer)
    if not 2 <= number <= MOST_COUNTED:
        return None
    question = rng.choice(
        [
            f"How many {program.words} are there?",
            f"What is the number of {program.words}?",
            f"Count the {program.words}.",
        ]
    )
    return replace(
        program,
        actions=(*program.actions, f"count(#{program.last})"),
        sets=(*program.sets, frozenset({str(number)})),
        last=len(program.sets),
        question=question,
    )


def extreme(rng: Random, graph: GeneratedGraph, program: Program) -> Program | None:
    """The members with the greatest or the least of an attribute."""
    measures = vocabulary().measure_of(program.type)
    if not measures or len(program.members) < 2:
        return None
    measure, greatest = rng.choice(measures), rng.random() < 0.5
    tool, words = ("argmax", measure.greatest) if greatest else ("argmin", measure.least)
    best = _best(graph, program.members, measure, max if greatest else min)
    source = f"#{program.last}"
    phrase = words.format(program.words)
    question = rng.choice([f"Which is {phrase}?", f"What is {phrase}?", f"Name {phrase}."])
    return replace(
        program,
        actions=(
            *program.actions,
            f"get_attributes({source})",
            f"{tool}({source},{measure.name})",
        ),
        sets=(*program.sets, best),
        last=len(program.sets),
        question=question,
        filtered=False,
    )


def _best(
    graph: GeneratedGraph,
    nodes: set[str],
    measure: Measure,
    choose: Callable[[list[tuple[float, str]]], tuple[float, str]],
) -> frozenset[str]:
    values = {node: comparable(graph.values[node, measure.name]) for node in nodes}
    top = choose(list(values.values()))
    return frozenset(node for node, value in values.items() if value == top)


# -- acceptance -------------------------------------------------------------------


def acceptable(program: Program) -> bool:
    """One to ten answers, which no other variable of the chain has, and none of them empty."""
    others = [program.answer_of(n) for n in range(len(program.sets)) if n != program.last]
    return (
        1 <= len(program.answer) <= MOST_ANSWERS
        and all(program.sets)
        and program.answer not in others
    )
