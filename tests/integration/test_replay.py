"""A recorded run plays again without a model: the same report, however many workers."""

from __future__ import annotations

import json

from pytest_smallbench.contracts import ToolCall
from pytest_smallbench.testing.script import Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

ANSWERS = {
    f"Reach {n}, ": [
        Turn("Well.", (ToolCall("add", {"n": n if n % 3 else -1}),)),
        Turn(None, (ToolCall("done"),)),
    ]
    for n in range(12)
}


def recorded(project, monkeypatch, *args):
    """Records a run; its report."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret-key")
    with ScriptedServer(ANSWERS) as server:
        project.run(
            *("--smallbench-record=tape", f"--smallbench-base-url={server.base_url}"),
            *("--smallbench-output=recorded", *args),
            agent="react",
        )
    monkeypatch.delenv("OPENAI_API_KEY")
    assert "very-secret" not in "".join(p.read_text() for p in project.path.rglob("*.jsonl"))
    return json.loads((project.path / "recorded" / "report.json").read_text())


def comparable(report):
    """All but times and the remark that nothing was asked."""
    for benchmark in report["benchmarks"].values():
        benchmark["summary"].pop("duration_s")
        benchmark.pop("notes")
    for result in report["results"]:
        result.pop("duration_s")
    return report["benchmarks"], report["results"]


def test_the_report_is_the_same_with_any_number_of_workers(project, monkeypatch):
    tasks = ("--smallbench-attempts=2", "--smallbench-limit=5")
    expected = comparable(recorded(project, monkeypatch, "-n2", *tasks))
    assert expected[0]["toy"]["summary"]["cost_usd"] > 0
    for count in ("0", "8"):
        result = project.run(f"-n{count}", "--smallbench-replay=tape", *tasks, agent="react")
        assert result.ret == 1
        result.stdout.fnmatch_lines(["model answers were replayed: *nothing was spent"])
        assert comparable(project.report) == expected


def test_a_changed_prompt_is_an_error_that_names_the_first_differing_message(project, monkeypatch):
    recorded(project, monkeypatch, "--smallbench-limit=1")
    (project.path / "prompt.txt").write_text("Do this: {problem_statement}")
    result = project.run(
        *("--smallbench-replay=tape", "--smallbench-limit=1"),
        "--smallbench-agent-prompt=prompt.txt",
        agent="react",
    )
    assert result.ret == 7
    (found,) = project.report["results"]
    assert found["outcome"] == "error"
    assert found["reason"].startswith(
        "CassetteMiss: replay: request 1 of toy::Toy/0 is not recorded: message 2 (user) differs"
    )
    assert "Do this: " in found["reason"]
