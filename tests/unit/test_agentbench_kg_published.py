"""The published graph tasks: the gold chains lead through the tools to the gold answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from agentbench_worlds import agrees, host, judged_after_reference, opened, published_data
from pytest_smallbench.benchmarks.agentbench.environments.knowledge_graph.published import read
from pytest_smallbench.benchmarks.agentbench.environments.knowledge_graph.schema import schema_for
from pytest_smallbench.benchmarks.agentbench.worlds import Record

from pytest_smallbench.errors import UsageMistake

OUT_OF_VOCABULARY = {"kg/std-0022", "kg/std-0041", "kg/std-0050", "kg/std-0062"}
"""Their chains use an attribute or a relation that the published tools never list."""


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(read(published_data()))


def test_all_are_read_in_natural_order(records: list[Record]) -> None:
    assert [sum(r.split == split for r in records) for split in ("dev", "test")] == [20, 150]
    assert [records[n].id for n in (0, -1)] == ["kg/dev-0000", "kg/std-0149"]


def test_gold_is_resolved_but_for_what_the_tools_cannot_reach(records: list[Record]) -> None:
    where = host(published_data())
    verdicts = {record.id: judged_after_reference(record, where) for record in records}
    assert {id for id, verdict in verdicts.items() if not verdict.resolved} == OUT_OF_VOCABULARY
    assert all(agrees(r, verdicts[r.id]) for r in records if r.id not in OUT_OF_VOCABULARY)


def test_doing_nothing_resolves_none(records: list[Record]) -> None:
    for record in records:
        with opened(record, host(published_data())) as world:
            assert not world.judge(f"Final Answer: #0 {record.expected_output}").resolved


def test_the_folders_own_schema_is_used() -> None:
    schema, of_folder = schema_for(published_data())
    assert of_folder
    kinds = [property.kind for property in schema.properties.values()]
    assert (kinds.count("relation"), kinds.count("attribute")) == (13_100, 3_384)


GOOD = {
    "id": "kg-dev-1",
    "question": "?",
    "entities": {"Ann": "m.a"},
    "gold_actions": ["get_relations(m.a)", "get_neighbors(m.a,x.y.z)"],
    "answer_ids": ["m.b"],
    "micro_kg": {"triples": [["m.a", "x.y.z", "m.b"]]},
}


def test_without_a_schema_the_graphs_own_relations_are_known(tmp_path: Path) -> None:
    (tmp_path / "kg_dev.jsonl").write_text(json.dumps(GOOD))
    (record,) = read(tmp_path)
    assert judged_after_reference(record, host(tmp_path)).resolved


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": ""}, r"kg_dev.jsonl:2: field 'question'"),
        ({"micro_kg": {}}, r"kg_dev.jsonl:2: field 'micro_kg'"),
        ({"answer_ids": None}, r"kg_dev.jsonl:2: field 'answer_ids'"),
    ],
)
def test_a_broken_record_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    lines = [json.dumps(GOOD), json.dumps({**GOOD, **change})]
    (tmp_path / "kg_dev.jsonl").write_text("\n".join(lines))
    with pytest.raises(UsageMistake, match=message):
        list(read(tmp_path))


def test_a_broken_schema_is_named(tmp_path: Path) -> None:
    (tmp_path / "kg_schema.jsonl").write_text(json.dumps({"relation": "a.b.c", "kind": "?"}))
    with pytest.raises(UsageMistake, match=r"kg_schema.jsonl:1: field 'kind'"):
        schema_for(tmp_path)
