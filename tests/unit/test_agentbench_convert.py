"""The converter, on small files in the original's layout; what it writes can be read."""

from __future__ import annotations

import json

import pytest
from openpyxl import Workbook
from pytest_smallbench.benchmarks.agentbench import convert
from pytest_smallbench.benchmarks.agentbench.conversion.lateral_tasks import keys
from pytest_smallbench.benchmarks.agentbench.conversion.micro_graph import micro_graph

from pytest_smallbench.errors import UsageMistake

INTEGERS = "from sys import argv\nexit(int(argv[1]) != int(argv[2]))"
MATCHED = {
    "description": "What is written in /root/note?",
    "create": {"local": "packages", "init": {"code": "echo love > /root/note"}},
    "start": "sleep 1 &",
    "evaluation": {"match": "love"},
    "labels": ["file"],
}
CHECKED = {
    "description": "How many files are in /home?",
    "create": {"init": [{"file": "init/make.sh"}, "touch /home/b"]},
    "evaluation": {
        "check": [None, {"language": "python", "file": "check/integer-match.py"}],
        "example": {"code": "ls /home | wc -l"},
    },
}
ODD = {
    "description": "Make the command hello.",
    "create": [None, {"file": "check/integer-match.py"}],
    "evaluation": {"check": {"code": "hello"}, "example": "echo hi"},
}
TABLE = {
    "table_name": "Ships",
    "table_info": {
        "columns": [{"name": "Name", "type": "TEXT"}, {"name": "Guns", "type": "INT"}],
        "rows": [["Ann", 7], ["Bee", None]],
    },
}
SELECT = {
    "description": "How many guns has Ann?",
    "label": [7],
    "table": TABLE,
    "type": ["other"],
    "add_description": "The name of this table is Ships.",
    "sql": {"query": "SELECT Guns FROM Ships WHERE Name = 'Ann'", "length": 41},
    "source": "wikisql",
}
UPDATE = {
    **SELECT,
    "type": ["UPDATE"],
    "label": ["UPDATE Ships SET Guns = '8' WHERE Name = 'Ann'"],
    "answer_md5": "[('0123456789abcdef0123456789abcdef',)]",
}
GRAPH = {
    "qid": "1",
    "question": "which ships of Ann's did Bee sail?",
    "entities": {"Ann": "m.1", "Bee": "m.2"},
    "s_expression": "",
    "actions": [
        "get_relations(m.1)",
        "get_neighbors(m.1,ships.owner.ships)",
        "get_neighbors(m.2,ships.sailor.ships)",
        "intersection(#0,#1)",
    ],
    "answer": [{"answer_type": "Entity", "answer_argument": "m.3", "entity_name": "Gull"}],
}


@pytest.fixture
def checkout(tmp_path):
    """A checkout with one or two records of each environment that has a data file."""

    def put(path, text):
        target = tmp_path / "checkout" / "data" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

    put("os_interaction/data/dev.json", json.dumps([MATCHED, ODD]))
    put("os_interaction/data/1/count.json", json.dumps([CHECKED]))
    put("os_interaction/scripts/1/init/make.sh", "touch /home/a")
    put("os_interaction/scripts/1/check/integer-match.py", INTEGERS)
    put("dbbench/dev.jsonl", json.dumps(SELECT) + "\n" + json.dumps(UPDATE) + "\n")
    put("knowledgegraph/std.json", json.dumps([GRAPH]))
    sheet = Workbook()
    sheet.active.append(["story", "answer", "story_key", "answer_key"])
    sheet.active.append(
        ["He died.", "An icicle fell.", "- He died.", "1. It was ice.\n2. It fell."]
    )
    put("lateralthinkingpuzzle/dev.xlsx", "")
    sheet.save(tmp_path / "checkout/data/lateralthinkingpuzzle/dev.xlsx")
    put.root = tmp_path / "checkout"
    return put


def converted(checkout, name):
    folder = checkout.root.parent / "out"
    convert.convert(checkout.root, folder)
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def test_each_environment_and_split_has_a_file(checkout, capsys):
    folder = checkout.root.parent / "out"
    assert convert.main([str(checkout.root), str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "card_tasks.jsonl", "db_dev.jsonl", "kg_std.jsonl", "lateral_en_dev.jsonl",
        "os_dev.jsonl", "os_std.jsonl",
    ]  # fmt: skip
    said = capsys.readouterr().out
    assert "db_dev.jsonl: 2 records" in said
    assert "house: not written" in said


def test_scripts_are_written_into_the_os_records(checkout):
    (record,) = converted(checkout, "os_std.jsonl")
    assert record["id"] == "os-std-1-count-000"
    assert [script["code"] for script in record["init"]] == ["touch /home/a", "touch /home/b"]
    assert record["evaluation"]["steps"] == [
        {"use": "example"},
        {"use": "script", "lang": "python", "code": INTEGERS, "file": "check/integer-match.py"},
    ]
    assert record["example"] == {"lang": "bash", "code": "ls /home | wc -l"}
    assert record["grading"] == "example_vs_answer"


def test_a_match_is_stripped_unless_it_says_otherwise(checkout):
    matched, odd = converted(checkout, "os_dev.jsonl")
    assert matched["evaluation"] == {"kind": "match", "match": {"answer": "love", "strip": True}}
    assert (matched["image"], matched["id"]) == ("packages", "os-dev-000")
    assert matched["start"] == {"lang": "bash", "code": "sleep 1 &"}
    assert (odd["init"], odd["grading"]) == ([], "check_script")


def test_tables_and_answers_of_the_db_records(checkout):
    select, update = converted(checkout, "db_dev.jsonl")
    assert select["table"]["rows"] == [["Ann", "7"], ["Bee", None]]
    assert select["table"]["declared_types"] == ["TEXT", "INT"]
    assert (select["category"], select["answer"], select["recorded_md5"]) == ("SELECT", ["7"], None)
    assert update["recorded_md5"] == "0123456789abcdef0123456789abcdef"
    assert (update["answer"], update["gold_sql"]) == (None, UPDATE["label"])


def test_a_graph_is_made_that_leads_to_the_answer(checkout):
    (record,) = converted(checkout, "kg_std.jsonl")
    triples = record["micro_kg"]["triples"]
    assert ["m.1", "ships.owner.ships", "m.3"] in triples
    assert ["m.2", "ships.sailor.ships", "m.3"] in triples
    assert len(triples) == 4  # each side has one ship that the other has not
    assert record["micro_kg"]["names"] == {"m.1": "Ann", "m.2": "Bee", "m.3": "Gull"}
    assert record["check"]["gold_replay_em"] is True


@pytest.mark.parametrize(
    ("actions", "answer"),
    [
        (["get_neighbors(m.1,a.b.c)", "get_neighbors(#0,c.d.e)", "count(#1)"], "3"),
        (["get_neighbors(m.1,a.b.c)", "argmax(#0,c.d.size)"], "m.9"),
        (["get_neighbors(m.1,a.b.c)", "argmin(#0,c.d.size)", "get_neighbors(#1,d.e.f)"], "m.9"),
    ],
)
def test_the_recorded_calls_give_the_recorded_answer(actions, answer):
    triples, holds = micro_graph(actions, [{"answer_argument": answer}], "r")
    assert holds
    assert triples == sorted(triples)
    assert answer == "3" or any(answer in triple for triple in triples)


def test_keys_lose_their_numbers(checkout):
    (record,) = converted(checkout, "lateral_en_dev.jsonl")
    assert record["truth_keys"] == ["It was ice.", "It fell."]
    assert record["story_keys"] == ["He died."]
    assert keys("- 一个人\n2、他走了\n\n12. x") == ["一个人", "他走了", "x"]


def test_the_card_games_are_those_of_both_splits(checkout):
    games = converted(checkout, "card_tasks.jsonl")
    assert len(games) == 12 + 20
    assert games[0]["id"] == "card-dev-baseline1-p0-0"


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("dbbench/dev.jsonl", "{", "dev.jsonl:1: not JSON"),
        ("dbbench/dev.jsonl", "{}", "dev.jsonl:1: field 'type' must be a list"),
        ("knowledgegraph/std.json", "[{}]", "record 0: field 'entities' must be an object"),
        ("os_interaction/data/dev.json", "[[]]", "every record must be a JSON object"),
        (
            "os_interaction/data/dev.json",
            json.dumps([{**MATCHED, "create": {"init": {"file": "../../data/dev.json"}}}]),
            "lies outside",
        ),
        (
            "os_interaction/data/dev.json",
            json.dumps([{**MATCHED, "create": {"init": {"file": "none.sh"}}}]),
            "none.sh cannot be read",
        ),
        ("lateralthinkingpuzzle/dev.xlsx", "no zip", "cannot be read as an Excel file"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(checkout, capsys, path, text, said):
    checkout(path, text)
    folder = checkout.root.parent / "out"
    assert convert.main([str(checkout.root), str(folder)]) == 2
    assert said in capsys.readouterr().err
    assert not folder.exists()


def test_a_folder_without_data_is_no_checkout(tmp_path):
    with pytest.raises(UsageMistake, match="no folder 'data'"):
        convert.convert(tmp_path, tmp_path / "out")
