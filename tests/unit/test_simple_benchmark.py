"""A simple benchmark reads its file with messages that lead to the line, and runs its tools."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pytest
from counting_benchmark import Count, counting, records

from pytest_smallbench.errors import GradingError, InfrastructureError, UsageMistake
from pytest_smallbench.settings import Settings
from pytest_smallbench.simple import tool
from pytest_smallbench.testing.benchmark_checks import open_rig

GOOD = records()[0]


def index_of(benchmark, tmp_path, **settings):
    return benchmark.index(Settings(**settings), tmp_path / "cache", lambda line: None)


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", ": not JSON: "),
        ("[]", ": a record must be a JSON object, this is []"),
        (json.dumps(without("id")), ": field 'id' is missing; the record has category, goal"),
        (json.dumps(without("goal")), ": field 'goal' is missing"),
        (json.dumps({**GOOD, "goal": "3"}), ": field 'goal' must be a whole number, this is '3'"),
        (json.dumps({**GOOD, "goal": True}), ": field 'goal' must be a whole number, this is True"),
        (json.dumps({**GOOD, "id": " "}), ": field 'id' must be a printable text"),
        (json.dumps({**GOOD, "tags": ["a b"]}), ": field 'tags': 'a b' is no name that pytest -m"),
        (json.dumps({**GOOD, "timeout_s": "1"}), ": field 'timeout_s' must be a number"),
        (json.dumps({**GOOD, "reference": ["add"]}), ": field 'reference': call 1 is not"),
    ],
)
def test_a_wrong_line_is_told_by_file_line_and_field(tmp_path, line, said):
    path = tmp_path / "mine.jsonl"
    path.write_text(f"{json.dumps(records()[1])}\n{line}\n")
    with pytest.raises(UsageMistake) as mistake:
        index_of(counting(tmp_path), tmp_path, dataset=str(path))
    assert str(mistake.value).startswith(f"{path}:2{said}")


def test_an_id_twice_and_an_empty_file_are_refused(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(f"{json.dumps(GOOD)}\n" * 2)
    with pytest.raises(UsageMistake, match=r":2: field 'id': 'count/3' is already that of .*:1"):
        index_of(counting(tmp_path), tmp_path, dataset=str(path))
    path.write_text("\n")
    with pytest.raises(UsageMistake, match="is empty: it holds no record"):
        index_of(counting(tmp_path), tmp_path, dataset=str(path))


def test_what_is_no_source_names_what_would_be(tmp_path):
    with pytest.raises(UsageMistake, match=r"--smallbench-dataset=tasks: no such file.* a folder"):
        index_of(counting(tmp_path), tmp_path, dataset="tasks")


def test_tasks_come_in_natural_order_with_what_their_records_say(tmp_path):
    path = tmp_path / "mine.jsonl.gz"
    mine = [
        {**records()[3], "max_steps": 3, "timeout_s": 1.5, "tags": ["big"], "split": "dev"},
        GOOD,
    ]
    path.write_bytes(gzip.compress("".join(json.dumps(each) + "\n" for each in mine).encode()))
    index = index_of(counting(tmp_path), tmp_path, dataset=str(path))
    assert [entry.id for entry in index.entries] == ["count/3", "count/12"]
    last = index.entries[1]
    assert (last.max_steps, last.timeout_s, last.tags, last.sandboxed) == (3, 1.5, ("big",), False)
    (dev,) = index_of(counting(tmp_path), tmp_path, dataset=str(path), split="dev").entries
    assert dev == last
    with pytest.raises(UsageMistake, match="--smallbench-split=test: none in the data set; there"):
        index_of(counting(tmp_path), tmp_path, dataset=str(path), split="test")


def test_its_own_file_goes_by_its_name_and_its_content(tmp_path):
    index = index_of(counting(tmp_path), tmp_path)
    assert index.source == "counting"
    assert index.revision.startswith("sha256:")


def test_settings_that_verdicts_depend_on_are_in_the_fingerprint(tmp_path):
    benchmark = counting(tmp_path, own_settings=("colour",))
    settings = Settings(values={"colour": "red", "anothers": "x"})
    index = index_of(benchmark, tmp_path)
    prepared = benchmark.prepare(settings, index, tmp_path, lambda line: None)
    assert prepared.fingerprint == "colour=red"


def test_a_changed_file_of_records_is_an_error_of_the_graders(tmp_path):
    benchmark = counting(tmp_path)
    with open_rig(benchmark) as rig:
        entry = rig.entries[0]
        with pytest.raises(GradingError, match="has changed since it was written"):
            benchmark.record(rig.bench(entry), replace(entry, id="another"))


def test_a_bad_call_is_answered_and_a_fault_of_the_benchmarks_is_no_verdict(tmp_path):
    class Faulty(Count):
        @tool
        def trip(self) -> str:
            """Trips."""
            raise ZeroDivisionError("by nought")

    with open_rig(counting(tmp_path, Faulty)) as rig:
        environment = rig.environment("count/3")
        refused = environment.call("add", {"n": 5000})
        assert (refused.text, refused.valid) == ("Error: 1000 is the most", False)
        assert "'n' is a required property" in environment.call("add", {}).text
        assert "the character NUL" in environment.call("say", {"text": "a\0"}).text
        with pytest.raises(InfrastructureError, match="failed on trip: ZeroDivisionError: by no"):
            environment.call("trip", {})


def test_a_restore_brings_back_the_end_and_the_answer(tmp_path):
    with open_rig(counting(tmp_path)) as rig:
        environment = rig.environment("count/3")
        kept = environment.snapshot()
        environment.answer = "3"
        assert environment.call("done", {}).done
        assert not environment.call("add", {"n": 1}).valid
        environment.restore(kept)
        assert environment.answer is None
        assert environment.call("add", {"n": 1}).text == "total 1"
        with pytest.raises(KeyError):
            environment.restore("7")


class Filing(Count):
    """Keeps the total in a file of its sandbox's."""

    def start(self):
        self.sandbox.write("total", "0")
        return super().start()

    @tool
    def add(self, n: int) -> str:
        """Adds n to the total."""
        said = super().add(n)
        self.sandbox.write("total", str(self.state["total"]))
        return said


def test_the_sandboxs_files_are_kept_and_restored(tmp_path):
    with open_rig(counting(tmp_path, Filing, sandboxed=True)) as rig:
        environment = rig.environment("count/3")
        kept = environment.snapshot()
        environment.call("add", {"n": 2})
        assert environment.sandbox.read_text("total") == "2"
        environment.restore(kept)
        assert environment.sandbox.read_text("total") == "0"
        environment.close()


def test_a_start_that_fails_leaves_no_sandbox_open(tmp_path):
    class Fails(Count):
        closed = 0

        def start(self):
            raise OSError("no")

        def close(self):
            Fails.closed += 1

    with open_rig(counting(tmp_path, Fails)) as rig, pytest.raises(OSError, match="no"):
        rig.environment("count/3")
    assert Fails.closed == 1
