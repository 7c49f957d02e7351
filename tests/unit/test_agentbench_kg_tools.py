"""The graph's tools: what they list, make and refuse."""

from __future__ import annotations

import pytest
from pytest_smallbench.benchmarks.agentbench.environments.knowledge_graph.graph import Graph
from pytest_smallbench.benchmarks.agentbench.environments.knowledge_graph.schema import (
    Property,
    Schema,
)
from pytest_smallbench.benchmarks.agentbench.environments.knowledge_graph.toolbox import (
    Toolbox,
    ToolError,
)
from pytest_smallbench.benchmarks.agentbench.environments.knowledge_graph.variables import (
    answer_ids,
)

TRIPLES = (
    ("m.a", "film.directed", "m.f1"),
    ("m.a", "film.directed", "m.f2"),
    ("m.a", "film.directed", "m.f3"),
    ("m.a", "film.secret", "m.f1"),
    ("m.b", "film.starred", "m.f2"),
    ("m.b", "film.starred", "m.f3"),
    ("m.b", "people.friend", "m.a"),
    ("m.f1", "film.length", '"95"'),
    ("m.f2", "film.length", '"110"'),
    ("m.f3", "film.length", '"110.0"'),
    ("m.f1", "film.title", '"Eins"@de'),
    ("m.f2", "film.shown", '"2001-05-01-08:00"'),
    ("m.f3", "film.shown", '"2001-04-30"'),
    ("m.f1", "film.director", "m.a"),
    ("m.f1", "film.director", "m.b"),
)
SCHEMA = Schema(
    {
        "film.directed": Property("relation", "film.film"),
        "film.starred": Property("relation", "film.film"),
        "film.director": Property("relation", "people.person"),
        "people.friend": Property("relation", "people.person"),
        "film.length": Property("attribute", "type.float"),
        "film.shown": Property("attribute", "type.datetime"),
        "film.title": Property("attribute", "type.text"),
        "film.secret": Property("other", "film.film"),
    }
)


@pytest.fixture
def tools() -> Toolbox:
    return Toolbox(Graph(TRIPLES), SCHEMA, {"Ann": "m.a", "Bo B.": "m.b"})


def refusal(tools: Toolbox, name: str, **arguments: str) -> str:
    made = tools.variables
    with pytest.raises(ToolError) as refused:
        tools.call(name, arguments)
    assert tools.variables == made
    return str(refused.value)


def test_relations_are_those_of_the_vocabulary(tools: Toolbox) -> None:
    assert tools.get_relations("Ann") == "[film.directed]"
    assert tools.get_relations("bo b.") == "[film.starred, people.friend]"
    assert tools.variables == ()


def test_neighbours_are_a_variable_of_the_relations_range(tools: Toolbox) -> None:
    said = tools.get_neighbors("Ann", "film.directed")
    assert said == "variable #0, which are instances of film.film"
    assert answer_ids(tools.variables[0]) == ["m.f1", "m.f2", "m.f3"]


def test_intersection_and_count(tools: Toolbox) -> None:
    tools.get_neighbors("Ann", "film.directed")
    tools.get_neighbors("Bo B.", "film.starred")
    assert tools.intersection("#0", "#1") == "variable #2, which are instances of film.film"
    assert tools.count("#2") == "variable #3, which is a number"
    assert [answer_ids(tools.variables[n]) for n in (2, 3)] == [["m.f2", "m.f3"], ["2"]]


def test_the_extremes_are_all_members_that_have_them(tools: Toolbox) -> None:
    tools.get_neighbors("Ann", "film.directed")
    assert tools.get_attributes("#0") == "[film.length, film.shown]"
    tools.argmax("#0", "film.length")
    tools.argmin("#0", "film.length")
    tools.argmin("#0", "film.shown")
    assert [answer_ids(v) for v in tools.variables[1:]] == [["m.f2", "m.f3"], ["m.f1"], ["m.f3"]]


def test_an_entity_of_the_question_is_no_answer(tools: Toolbox) -> None:
    tools.get_neighbors("Ann", "film.directed")
    tools.get_neighbors("#0", "film.director")
    tools.count("#1")
    assert answer_ids(tools.variables[1]) == ["m.b"]
    assert answer_ids(tools.variables[2]) == ["1"]


def test_types_that_differ_have_nothing_in_common(tools: Toolbox) -> None:
    tools.get_neighbors("Ann", "film.directed")
    tools.get_neighbors("Bo B.", "people.friend")
    assert "film.film and people.person" in refusal(
        tools, "intersection", variable1="#0", variable2="#1"
    )


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("get_relations", {"variable": "Cy"}, "'Cy' is neither a variable"),
        ("get_relations", {"variable": "#9"}, "there is no variable #9"),
        ("get_relations", {"variable": "\x1b[31m"}, "'\\x1b[31m' is neither"),
        ("get_relations", {"variable": "x" * 1_000_000}, "is neither a variable"),
        ("get_neighbors", {"variable": "Ann", "relation": "film.starred"}, "is not a relation of"),
        ("get_neighbors", {"variable": "Ann", "relation": "film.secret"}, "is not a relation of"),
        ("get_neighbors", {"variable": "#0", "relation": "> ?p ?o . <x"}, "is not a relation of"),
        ("intersection", {"variable1": "#0", "variable2": "Ann"}, "'Ann' is not a variable"),
        ("get_attributes", {"variable": "Ann"}, "'Ann' is not a variable"),
        ("argmax", {"variable": "#0", "attribute": "film.length"}, "has not been listed for #0"),
        ("count", {"variable": "#1"}, "there is no variable #1"),
    ],
)
def test_a_wrong_call_is_answered_in_words(
    tools: Toolbox, name: str, arguments: dict[str, str], message: str
) -> None:
    tools.get_neighbors("Ann", "film.directed")
    said = refusal(tools, name, **arguments)
    assert message in said
    assert len(said) < 300


def test_odd_names_and_literals_survive_the_store() -> None:
    odd = 'm."<é> \n\\'
    graph = Graph([(odd, "a b|c", '"x "quoted" \\ y"'), (odd, "a b|c", odd)])
    assert graph.properties(frozenset({odd})) == ["a b|c"]
    assert graph.neighbours(frozenset({odd}), "a b|c") == {odd, '"x "quoted" \\ y"'}


def test_a_chain_that_doubles_stays_small(tools: Toolbox) -> None:
    tools.get_neighbors("Ann", "film.directed")
    for number in range(200):
        tools.intersection(f"#{number}", f"#{number}")
    assert answer_ids(tools.variables[-1]) == ["m.f1", "m.f2", "m.f3"]
