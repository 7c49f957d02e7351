"""BCB-Agent end to end on its bundled tasks: real sandbox, real grader, real report."""

from __future__ import annotations

import json

import pytest
from pytest_smallbench.benchmarks.bcb_agent.mini import records, wrong_solutions

COUNT = len(records())


class Mini:
    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.path = pytester.path

    def run(self, agent: str, *args: str) -> pytest.RunResult:
        return self.pytester.runpytest_subprocess(
            "--smallbench=bcb-agent",
            "--smallbench-dataset=mini",
            f"--smallbench-agent={agent}",
            "--smallbench-output=out",
            *args,
        )

    @property
    def report(self) -> dict:
        return json.loads((self.path / "out" / "report.json").read_text())

    @property
    def summary(self) -> dict:
        return self.report["benchmarks"]["bcb-agent"]["summary"]

    def solutions(self, chosen: dict[str, str]) -> str:
        path = self.path / "solutions.jsonl"
        lines = [json.dumps({"task_id": id, "solution": text}) for id, text in chosen.items()]
        path.write_text("\n".join(lines))
        return f"--smallbench-solutions={path}"


@pytest.fixture
def mini(pytester: pytest.Pytester) -> Mini:
    return Mini(pytester)


@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_the_oracle_resolves_every_task(mini, workers):
    result = mini.run("oracle", workers)
    assert result.ret == 0
    result.assert_outcomes(passed=COUNT)
    assert mini.summary["resolved"] == COUNT >= 24
    assert result.outlines[-1].startswith(f"bcb-agent: resolved {COUNT}/{COUNT} (100.0%")


def test_nop_resolves_none(mini):
    result = mini.run("nop", "-n2")
    assert result.ret == 1
    assert (mini.summary["resolved"], mini.summary["unresolved"]) == (0, COUNT)
    assert {r["reason"].partition(":")[0] for r in mini.report["results"]} == {"no submission"}


@pytest.mark.parametrize("which", range(3))
def test_plausible_wrong_solutions_are_unresolved(mini, which):
    wrong = {id: solutions[which] for id, solutions in wrong_solutions().items()}
    mini.run("solutions", mini.solutions(wrong), "-n2")
    assert (mini.summary["resolved"], mini.summary["unresolved"]) == (0, COUNT)


def test_a_task_without_a_line_is_left_without_a_submission(mini):
    first = records()[0]
    right = {first["task_id"]: first["code_prompt"] + first["canonical_solution"]}
    mini.run("solutions", mini.solutions(right), "--smallbench-limit=2")
    assert [r["outcome"] for r in mini.report["results"]] == ["resolved", "unresolved"]
    assert mini.report["results"][1]["reason"].startswith("no submission")


def test_both_forms_are_items_of_their_own(mini):
    result = mini.run("oracle", "--smallbench-prompt=both", "--smallbench-limit=2", "-v")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["bcb-agent::*[[]complete[]] RESOLVED * steps*"])
    groups = mini.report["benchmarks"]["bcb-agent"]["groups"]
    assert set(groups["form"]) == {"instruct", "complete"}
    assert groups["paired"]["pairs"] == 2


def test_validate_remembers_and_the_next_run_uses_it(mini, monkeypatch):
    from pytest_smallbench.cache import cache_folder

    own = mini.path / "cache"
    own.mkdir()
    # The environments are shared, the reference checks are this test's own.
    (own / "environments").symlink_to(cache_folder() / "environments")
    monkeypatch.setenv("SMALLBENCH_CACHE", str(own))
    result = mini.run("oracle", "--smallbench-validate=2", "--smallbench-limit=3")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*3 reference checks stored, 3 pass, 0 tasks to skip*"])
    (store,) = (own / "references").glob("*.json")
    stored = json.loads(store.read_text())
    first = next(iter(stored["tasks"]))
    stored["tasks"][first] |= {"outcome": "fail", "cause": "no network"}
    store.write_text(json.dumps(stored))
    mini.run("oracle", "--smallbench-limit=3").assert_outcomes(passed=2, skipped=1)
    assert "no network" in mini.report["results"][0]["reason"]


def test_very_verbose_shows_the_whole_interaction(mini):
    result = mini.run("oracle", "-vv", "--smallbench-limit=1")
    for shown in ("*call add_submission*", "*call submit_solution*", "*grade: resolved*"):
        result.stdout.fnmatch_lines([shown])


def test_the_hidden_tests_are_in_no_trajectory_and_no_report(mini):
    mini.run("oracle", "--smallbench-limit=3")
    written = [path.read_text() for path in (mini.path / "out").rglob("*") if path.is_file()]
    assert len(written) >= 6  # three reports, three trajectories, and what resuming needs
    assert not any("class TestCases" in text for text in written)


def test_no_secret_reaches_the_sandbox_or_what_is_written(mini, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret-value")
    mini.pytester.makeconftest(
        """
        import pytest
        class Prying:
            def solve(self, environment):
                environment.call("add_submission", {"submission": "print(1)"})
                seen = environment.call("run_code", {"code": "import os; print(dict(os.environ))"})
                assert "secret" not in seen.text, seen.text
                raise ValueError("sk-very-secret-value")
        @pytest.fixture
        def agent():
            return Prying()
        """
    )
    mini.pytester.runpytest_subprocess(
        "--smallbench=bcb-agent", "--smallbench-dataset=mini", "--smallbench-limit=1",
        "--smallbench-output=out",
    )  # fmt: skip
    assert mini.report["results"][0]["reason"].startswith("agent raised ValueError: ***")
    for path in (mini.path / "out").rglob("*.*"):
        assert "very-secret" not in path.read_text()
