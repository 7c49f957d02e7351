"""All seven environments through pytest, as a user runs them: agents, selection, report."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS

NO_SANDBOX = [f"--smallbench-category={key}" for key, kind in KINDS.items() if not kind.sandboxed]
PLAIN = [
    {"task_id": "1", "environment": "db", "instruction": "Count.", "expected_output": "7"},
    {"task_id": "2", "environment": "Chess", "instruction": "Mate.", "expected_output": "Qh5"},
    {"task_id": "3", "environment": "web", "instruction": "Buy.", "expected_output": "Added"},
    {"task_id": "4", "environment": "house", "instruction": "Tidy."},
]


@pytest.mark.parametrize("changed", ["judge=llm", "card_mode=faithful", "difficulty=hard"])
def test_runs_under_other_settings_are_not_compared(run, changed):
    some = ["--smallbench-category=house", "--smallbench-limit=2"]
    run("oracle", *some)
    ran = run.pytester.runpytest_subprocess(
        "--smallbench=agentbench",
        "--smallbench-agent=oracle",
        "--smallbench-baseline=out/report.json",
        "--smallbench-output=other",
        f"--smallbench-set={changed}",
        *some,
    )
    assert ran.ret == 4
    ran.stderr.fnmatch_lines([f"ERROR: --smallbench-baseline: *{changed}*"])


class Run:
    """Runs of the benchmark in a folder, and the report of the last one."""

    def __init__(self, pytester):
        self.pytester = pytester
        self.path = pytester.path
        shutil.copy(Path(__file__).with_name("agentbench_wrong.py"), self.path)

    def __call__(self, agent, *args):
        self.pytester.runpytest_subprocess(
            "--smallbench=agentbench",
            f"--smallbench-agent={agent}",
            "--smallbench-output=out",
            *args,
        )
        report = json.loads((self.path / "out" / "report.json").read_text())
        self.results = report["results"]
        self.benchmark = report["benchmarks"]["agentbench"]
        return self.benchmark["summary"]

    def plain(self):
        path = self.path / "plain.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in PLAIN))
        return f"--smallbench-dataset={path}"


@pytest.fixture
def run(pytester, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return Run(pytester)


def test_the_oracle_resolves_every_environment_by_both_rules(run, workers):
    summary = run("oracle", workers, "--smallbench-dataset=generated:2:1")
    assert (summary["graded"], summary["resolved"]) == (2 * len(KINDS), 2 * len(KINDS))
    assert summary["metrics"]["substring_resolved"] == 1.0
    assert {r["category"] for r in run.results} == set(KINDS)


@pytest.mark.parametrize("agent", ["nop", "agentbench_wrong:create"])
def test_who_does_nothing_or_answers_wrong_resolves_none(run, agent):
    summary = run(agent, "--smallbench-dataset=generated:3:2")
    assert (summary["graded"], summary["resolved"]) == (3 * len(KINDS), 0)


def test_the_report_has_each_environments_metric_and_the_overall_score(run):
    run("oracle", "--smallbench-dataset=generated:2", *NO_SANDBOX)
    groups, figures = run.benchmark["groups"]["category"], run.benchmark["summary"]["abilities"]
    for key in groups:
        assert groups[key]["mean_score"] == 1.0
        assert groups[key]["metrics"]["substring_resolved"] == 1.0
    assert figures["F1_of_kg"] == 1.0
    weights = [kind.weight for kind in KINDS.values() if not kind.sandboxed]
    expected = sum(100 / weight for weight in weights) / len(weights)
    assert figures["overall_score"] == pytest.approx(expected)
    (note,) = run.benchmark["notes"]
    assert "6 of its 8 environments: db, kg, web, card, lateral, house" in note
    markdown = (run.path / "out" / "report.md").read_text()
    assert "| environment | resolved | rate | 95% CI | own metric | errors |" in markdown


def test_without_os_tasks_nothing_is_started(run):
    run("oracle", "--smallbench-dataset=generated:1", "--smallbench-sandbox=process", *NO_SANDBOX)
    assert run.benchmark["environment"]["sandbox"] == "none"


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        (["--smallbench-category=HOUSE", "--smallbench-limit=1"], ["house/g0-00000"]),
        (["-m", "os and hard", "--smallbench-task=*00002"], ["os/g0-00002"]),
        (["agentbench::db/g0-00019"], ["db/g0-00019"]),
    ],
)  # fmt: skip
def test_category_mark_and_id_select(run, args, ids):
    command = ("--smallbench=agentbench", "--smallbench-agent=nop", "--co", "-q", *args)
    collected = run.pytester.runpytest_subprocess(*command)
    found = [line for line in collected.outlines if line.startswith("agentbench::")]
    assert found == [f"agentbench::{id}" for id in ids]


def test_each_environment_has_its_limits_and_the_options_override_them(run):
    run.pytester.makeconftest(
        "import pytest\n"
        "class Looker:\n"
        "    def solve(self, environment):\n"
        "        while True:\n"
        "            environment.call('state', {})\n"
        "@pytest.fixture\n"
        "def agent():\n"
        "    return Looker()\n"
    )
    args = ("--smallbench-category=card", "--smallbench-limit=1")
    for more, steps in (((), KINDS["card"].max_steps), (("--smallbench-max-steps=3",), 3)):
        run.pytester.runpytest_subprocess(
            "--smallbench=agentbench", "--smallbench-output=out", *args, *more
        )
        (result,) = json.loads((run.path / "out" / "report.json").read_text())["results"]
        assert result["steps"] == steps


def test_plain_records_are_graded_by_the_substring_rule(run):
    summary = run("oracle", "-n2", run.plain())
    assert [r["task_id"] for r in run.results] == [f"agentbench_{n}" for n in (1, 2, 3, 4)]
    assert summary["resolved"] == 3
    assert run.results[3]["reason"] == "No expected output available"
    assert (run.results[0]["expected_output"], run.results[0]["agent_output"]) == ("7", "7")


def test_nothing_is_resolved_on_plain_records_by_doing_nothing(run):
    assert run("nop", run.plain())["resolved"] == 0


def test_outputs_are_cut_to_500_characters_after_grading(run):
    long = {"task_id": "1", "instruction": "Say it.", "expected_output": "x" * 600}
    (run.path / "long.jsonl").write_text(json.dumps(long))
    assert run("oracle", "--smallbench-dataset=long.jsonl")["resolved"] == 1
    (result,) = run.results
    assert len(result["agent_output"]) == len(result["expected_output"]) == 500


def test_options_that_do_not_concern_it_change_nothing(run):
    run("oracle", "--smallbench-prompt=both", "--smallbench-subset=hard", "--smallbench-task=db/*3")
    assert [r["outcome"] for r in run.results] == ["resolved"] * 2


def test_validate_plays_the_reference_solutions(run):
    result = run.pytester.runpytest_subprocess(
        "--smallbench=agentbench", "--smallbench-validate=2", "--smallbench-output=out",
        "--smallbench-dataset=generated:1", *NO_SANDBOX,
    )  # fmt: skip
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["*6 reference solutions checked, 0 do not hold"])
