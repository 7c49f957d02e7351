"""Generated graph tasks: a typed graph, and a question whose gold chain of tools is known.

A candidate is accepted when it has one to ten answers, no other variable of its chain has the
same ones, and the environment's own tools, over SPARQL, come to what the sets in Python say
(specification, section 3). Otherwise the next candidate of the same stream is tried.
"""

from __future__ import annotations

from random import Random
from typing import Any

from ..environments.knowledge_graph.problem import action_of
from ..environments.knowledge_graph.variables import answer_ids, answer_line
from ..worlds import Record
from . import knowledge_graph_programs as programs
from .knowledge_graph_programs import Program
from .knowledge_graph_world import GeneratedGraph, make_graph

JOINS = {"easy": (1, 2), "medium": (2, 2), "hard": (2, 3)}
CROSSED = {"easy": 0.0, "medium": 0.4, "hard": 0.6}
"""How many programs of a difficulty intersect two sets."""
TRIES = 60
"""Candidates that one graph is good for."""


def generate(seed: int, number: int, difficulty: str) -> Record:
    """The task ``kg/g<seed>-<number>``; it depends on nothing but the arguments."""
    rng = Random(f"agentbench/kg/{seed}/{number}/{difficulty}")
    while True:
        graph = make_graph(rng, difficulty)
        for _ in range(TRIES):
            program = _candidate(rng, graph, difficulty)
            if program and programs.acceptable(program) and _tools_agree(graph, program):
                return _record(f"kg/g{seed}-{number:05d}", difficulty, graph, program)


def _candidate(rng: Random, graph: GeneratedGraph, difficulty: str) -> Program | None:
    program = programs.path(rng, graph, rng.randint(*JOINS[difficulty]))
    if program and rng.random() < CROSSED[difficulty]:
        program = programs.crossed(rng, graph, program)
    if program is None:
        return None
    ending = rng.random()
    if ending < 0.25:
        return programs.counted(rng, program)
    if ending < 0.5 and difficulty != "easy":
        return programs.extreme(rng, graph, program)
    return programs.listed(rng, program)


def _tools_agree(graph: GeneratedGraph, program: Program) -> bool:
    """Play the chain through the tools on the part of the graph that it can see."""
    from ..environments.knowledge_graph.graph import Graph
    from ..environments.knowledge_graph.schema import bundled
    from ..environments.knowledge_graph.toolbox import Toolbox

    seen = {*program.starts, *(node for made in program.sets for node in made)}
    toolbox = Toolbox(
        Graph(graph.triples(seen)), bundled(), {node: node for node in program.starts}
    )
    for text in program.actions:
        action = action_of(text, "generated")
        toolbox.call(action.tool, action.arguments)
    return answer_ids(toolbox.variables[-1]) == sorted(program.answer)


def _record(id: str, difficulty: str, graph: GeneratedGraph, program: Program) -> Record:
    answers = sorted(program.answer)
    data: dict[str, Any] = {
        "entities": {graph.names[node]: node for node in program.starts},
        "gold_actions": list(program.actions),
        "answer_ids": answers,
        "micro_kg": {"triples": list(map(list, graph.triples()))},
    }
    expected = answer_line(answers)
    return Record(id, "kg", program.question, expected, data, difficulty=difficulty)
