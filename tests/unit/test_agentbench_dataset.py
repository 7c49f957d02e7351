"""AgentBench's data sets and what is chosen of them, as the controller makes the index."""

from __future__ import annotations

import gzip
import json

import pytest
from pytest_smallbench.benchmarks.agentbench import BENCHMARK, dataset
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS
from pytest_smallbench.benchmarks.agentbench.plain import PlainRecord

from pytest_smallbench.errors import GradingError, UsageMistake
from pytest_smallbench.settings import Settings

PLAIN = [
    {"task_id": "10", "environment": "OS", "instruction": "a", "expected_output": "1"},
    {"task_id": "9", "environment": "db", "instruction": "b", "expected_output": "2"},
    {"environment": "os", "description": "c", "expected_output": "3"},
    {"task_id": "x", "instruction": "d"},
]


@pytest.fixture
def index(tmp_path):
    """The index for some settings; what was said meanwhile is in ``said``."""

    def make(**changed):
        return BENCHMARK.index(Settings(**changed), tmp_path / "cache", make.said.append)

    make.said = []
    return make


@pytest.fixture
def plain(tmp_path):
    path = tmp_path / "plain.jsonl"
    path.write_text("".join(json.dumps(record) + "\n\n" for record in PLAIN))
    return str(path)


def ids(found):
    return [entry.id for entry in found.entries]


# -- generated --------------------------------------------------------------------


def test_by_default_20_of_each_environment_are_generated(index):
    found = index()
    assert found.source == "generated:20:0"
    assert found.selection == "difficulty mixed"
    assert len(found.entries) == 20 * len(KINDS)
    assert ids(found)[0] == "card/g0-00000"
    assert "os/g0-00017" in ids(found)


def test_the_seed_is_in_the_id(index):
    found = index(dataset="generated:2:7", categories=("db",))
    assert ids(found) == ["db/g7-00000", "db/g7-00001"]


def test_an_entry_has_its_environments_limits_and_marks(index):
    found = index(dataset="generated:3", task="os/*00002")
    (entry,) = found.entries
    assert (entry.category, entry.tags) == ("os", ("os", "hard"))
    assert (entry.max_steps, entry.timeout_s, entry.sandboxed) == (8, 300.0, True)
    assert found.sandboxed


def test_without_os_tasks_no_sandbox_is_needed(index):
    assert not index(categories=tuple(set(KINDS) - {"os"})).sandboxed


def test_difficulty_is_one_for_all_where_it_is_set(index):
    found = index(values={"difficulty": "easy"}, categories=("KG",))
    assert {entry.tags for entry in found.entries} == {("kg", "easy")}


@pytest.mark.parametrize("source", ["generated", "generated:0", "generated:a", "generated:3:x",
                                    "generated:100001", "generated:3:1:2"])  # fmt: skip
def test_a_wrong_number_is_one_line_that_says_what_is_allowed(index, source):
    with pytest.raises(UsageMistake, match="not generated:N or generated:N:SEED"):
        index(dataset=source)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"values": {"difficulty": "brutal"}}, "'brutal' is not one of mixed, easy, medium, hard"),
        ({"values": {"card_mode": "x"}}, "--smallbench-set=card_mode: 'x' is not one of fixed"),
        ({"categories": ("bd",)}, "--smallbench-category=bd: no task is in it; there are: card"),
        ({"task": "db/g1-00000"}, "none of the 140 tasks matches; the nearest are: db/g0-00000"),
        ({"split": "dev"}, "--smallbench-split=dev: none in generated:20:0; its tasks are in no"),
        ({"dataset": "nowhere"}, "no such file, and no hub id"),
        ({"dataset": "nowhere.jsonl"}, "nowhere.jsonl: no such file or folder"),
    ],
)
def test_a_mistake_names_what_is_there(index, changed, said):
    with pytest.raises(UsageMistake) as mistake:
        index(**changed)
    assert said in str(mistake.value)
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("lateral", {"judge": "llm"}, "OPENAI_API_KEY"),
        ("db", {"db_engine": "mariadb"}, "apt-get install mariadb-server"),
    ],
)
def test_what_a_setting_needs_is_said_before_the_first_task(
    index, tmp_path, monkeypatch, key, values, said
):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    found = index(categories=(key,), values=values)
    with pytest.raises(UsageMistake, match=said):
        BENCHMARK.prepare(Settings(values=values), found, tmp_path, print)


# -- plain records ----------------------------------------------------------------


def test_plain_records_keep_their_order(index, plain):
    found = index(dataset=plain)
    assert ids(found) == ["agentbench_10", "agentbench_9", "agentbench_2", "agentbench_x"]
    assert [entry.category for entry in found.entries] == ["os", "db", "os", "general"]


@pytest.mark.parametrize(
    ("changed", "numbers"),
    [
        ({"limit": 2}, ["10", "9"]),
        ({"categories": ("Os",), "limit": 2}, ["10", "2"]),
        ({"categories": ("os", "DB"), "limit": 2}, ["10", "9"]),
        ({"categories": ("os",), "task": "2"}, ["2"]),
        ({"task": "agentbench_9"}, ["9"]),
        ({"task": "*x"}, ["x"]),
    ],
)
def test_category_then_task_then_size(index, plain, changed, numbers):
    found = index(dataset=plain, **changed)
    assert ids(found) == [f"agentbench_{number}" for number in numbers]


def test_a_worker_reads_one_record_by_its_place(index, plain):
    found = index(dataset=plain)
    record = dataset.read_record(found, found.entries[2], {})
    assert isinstance(record, PlainRecord)
    assert (record.environment, record.expected_output) == ("os", "3")


def test_what_was_read_is_the_same_file_the_next_time(index, plain):
    first, second = index(dataset=plain), index(dataset=plain)
    assert first.records == second.records
    assert first.revision.startswith("sha256:")


def test_a_records_file_that_is_gone_is_an_error_of_ours(index, plain, tmp_path):
    found = index(dataset=plain)
    for path in (tmp_path / "cache").rglob("*.jsonl"):
        path.unlink()
    with pytest.raises(GradingError, match="cannot be read"):
        dataset.read_record(found, found.entries[0], {})


def test_compressed_files_are_read_too(index, tmp_path):
    path = tmp_path / "plain.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(PLAIN[0]).encode()))
    assert ids(index(dataset=str(path))) == ["agentbench_10"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty: it holds no record"),
        ("[1]", "plain.jsonl:1: a record must be a JSON object"),
        ('{"task_id": "1"}\n{"task_id": 1}', "plain.jsonl:2: field 'task_id': agentbench_1 is"),
        ('{"task_id": "1"}\n{', "plain.jsonl:2: not JSON"),
    ],
)
def test_a_broken_file_is_told_by_line(index, tmp_path, text, said):
    path = tmp_path / "plain.jsonl"
    path.write_text(text)
    with pytest.raises(UsageMistake) as mistake:
        index(dataset=str(path))
    assert said in str(mistake.value)


def test_an_empty_folder_is_no_data_set(index, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageMistake, match="no published records"):
        index(dataset=str(tmp_path / "empty"))
