"""Exports of real runs, read by the neighbours' own packages: harbor's models and validator,
inspect's reader, listing and data frames. Their tox environment is ``neighbours``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import runs

pytestmark = pytest.mark.neighbours

trajectories = pytest.importorskip("harbor.models.trajectories", reason="harbor is not installed")
validator = pytest.importorskip("harbor.utils.trajectory_validator")
utils = pytest.importorskip("harbor.utils.trajectory_utils")
inspect_log = pytest.importorskip("inspect_ai.log", reason="inspect-ai is not installed")
analysis = pytest.importorskip("inspect_ai.analysis")

DOCS = Path(__file__).parents[2] / "docs" / "exports.md"
ALL = ("mini", "out_of_budget", "oracle", "agentbench")
CORRECT = {"resolved": "C", "unresolved": "I"}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The output folder of each run, by name."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ALL}
    gold = runs.oracle(folders["oracle"])
    return {
        "mini": runs.mini(folders["mini"]),
        "out_of_budget": runs.out_of_budget(folders["out_of_budget"]),
        "oracle": gold,
        "agentbench": runs.agentbench(folders["agentbench"], gold),
    }


@pytest.fixture(params=ALL)
def output(request: pytest.FixtureRequest, outputs: dict[str, Path]) -> Path:
    return outputs[request.param]


def report(output: Path) -> dict[str, Any]:
    return dict(json.loads((output / "report.json").read_text()))


def began(output: Path) -> list[dict[str, Any]]:
    return [each for each in report(output)["results"] if each["trajectory"]]


def log(output: Path) -> Any:
    (found,) = inspect_log.list_eval_logs(str(output / "inspect"))
    return inspect_log.read_eval_log(found)


def test_the_runs_hold_every_outcome(outputs: dict[str, Path]):
    found = Counter(r["outcome"] for out in outputs.values() for r in report(out)["results"])
    assert found["resolved"] >= 20
    assert found["unresolved"] == 4
    assert found["error"] == 2
    assert found["not_run"] >= 2
    budget = report(outputs["out_of_budget"])["results"]
    assert any(each["outcome"] == "not_run" and not each["trajectory"] for each in budget)


def test_harbor_validates_every_trajectory(output: Path):
    files = sorted((output / "atif").iterdir())
    assert len(files) == len(began(output))
    for path in files:
        check = validator.TrajectoryValidator()
        assert check.validate(path), (path.name, check.get_errors())


def test_harbor_reads_the_attempts_figures(output: Path):
    for result in began(output):
        path = output / "atif" / f"{Path(result['trajectory']).stem}.json"
        found = trajectories.Trajectory.model_validate_json(path.read_text())
        totals, tokens = found.final_metrics, result["tokens"]
        assert totals.total_prompt_tokens == tokens["prompt"]
        assert totals.total_completion_tokens == tokens["completion"]
        assert totals.total_cached_tokens == tokens["cached"]
        assert totals.total_cost_usd == pytest.approx(result["cost_usd"])
        assert found.extra["outcome"] == result["outcome"]
        calls = [call for step in found.steps for call in step.tool_calls or ()]
        assert len(calls) == result["tool_calls"]
        for model, used in utils.compute_model_usage(found).items():
            assert model == "gpt-4o-mini"
            assert used.n_input_tokens == tokens["prompt"]
            assert used.cost_usd == pytest.approx(result["cost_usd"])


def test_inspect_reads_the_log(output: Path):
    found, whole = log(output), report(output)
    (name,) = whole["benchmarks"]
    summary = whole["benchmarks"][name]["summary"]
    assert (found.eval.task, found.version) == (name, 2)
    assert found.results.total_samples == summary["tasks"]
    accuracy = found.results.scores[0].metrics["accuracy"]
    assert accuracy.value == pytest.approx(summary["resolved_rate"])
    assert found.status == ("error" if summary["not_run"] else "success")
    for used in found.stats.model_usage.values():
        cached = used.input_tokens_cache_read
        assert used.input_tokens + cached == summary["tokens"]["prompt"]
        assert used.total_cost == pytest.approx(summary["cost_usd"])


def test_inspect_reads_every_sample(output: Path):
    samples = log(output).samples
    results = {(each["task_id"], each["attempt"]): each for each in began(output)}
    assert {(each.id, each.epoch) for each in samples} == results.keys()
    for sample in samples:
        result = results[sample.id, sample.epoch]
        verdict = CORRECT.get(result["outcome"])
        assert (sample.scores or {}).get("resolved", None) is None or verdict
        if verdict:
            assert sample.scores["resolved"].value == verdict
        assert (sample.error is not None) == (result["outcome"] in ("error", "not_run"))
        made = Counter(event.event for event in sample.events)
        assert made["tool"] == result["tool_calls"]
        assert made["model"] == sample.turn_count
        for event in sample.events:
            if event.event == "model":
                assert [each.role for each in event.input][:2] == ["system", "user"]
                assert event.output.usage.total_tokens > 0


def test_the_limit_and_the_odd_texts(outputs: dict[str, Path]):
    samples = {(each.id, each.epoch): each for each in log(outputs["mini"]).samples}
    limited = [each.limit for each in samples.values() if each.limit]
    assert [(each.type, each.limit) for each in limited] == [("turn", 6)] * 2
    said = [m.text for each in samples.values() for m in each.messages if m.role == "assistant"]
    assert any("</script>" in each and "🦀" in each for each in said)
    errors = [m.error for each in samples.values() for m in each.messages if m.role == "tool"]
    invalid = sum(each["invalid_tool_calls"] for each in began(outputs["mini"]))
    assert len([each for each in errors if each]) == invalid == 8


def test_inspects_data_frames_have_the_right_figures(output: Path):
    folder = str(output / "inspect")
    frame, results = analysis.samples_df(folder, quiet=True), began(output)
    assert len(frame) == len(results)
    tokens = sum(each["tokens"]["prompt"] + each["tokens"]["completion"] for each in results)
    assert frame["total_tokens"].sum() == tokens
    right = sum(each["outcome"] == "resolved" for each in results)
    assert (frame["score_resolved"] == "C").sum() == right
    duration = sum(each["duration_s"] for each in results)
    assert frame["total_time"].sum() == pytest.approx(duration)
    events = analysis.events_df(folder, quiet=True)
    assert (events["event"] == "tool").sum() == sum(each["tool_calls"] for each in results)
    (one,) = analysis.evals_df(folder, quiet=True).to_dict("records")
    assert one["score_headline_value"] == pytest.approx(right / _graded(results))
    if tokens:  # it takes messages from calls to models
        assert set(analysis.messages_df(folder, quiet=True)["role"]) >= {"user", "assistant"}


def _graded(results: list[dict[str, Any]]) -> int:
    return sum(each["outcome"] in CORRECT for each in results)


def test_inspects_command_line_reads_it(output: Path):
    inspect = [sys.executable, "-m", "inspect_ai"]
    folder = output / "inspect"
    listed = subprocess.run(
        [*inspect, "log", "list", "--json", "--log-dir", str(folder)],
        capture_output=True,
        text=True,
        cwd=output,
    )
    assert listed.returncode == 0, listed.stderr
    (one,) = json.loads(listed.stdout)
    assert one["task"] == next(iter(report(output)["benchmarks"]))
    (path,) = folder.iterdir()
    dumped = subprocess.run(
        [*inspect, "log", "dump", str(path)], capture_output=True, text=True, cwd=output
    )
    assert dumped.returncode == 0, dumped.stderr
    assert len(json.loads(dumped.stdout)["samples"]) == len(began(output))


def test_the_docs_example_runs(outputs: dict[str, Path]):
    source = re.search(r"<!-- example: frame.py -->\n```python\n(.*?)```", DOCS.read_text(), re.S)
    assert source
    link = outputs["mini"].parent / "results"
    link.symlink_to(outputs["mini"])
    done = subprocess.run(
        [sys.executable, "-c", source[1]], capture_output=True, text=True, cwd=link.parent
    )
    assert done.returncode == 0, done.stderr
    assert "score_resolved" in done.stdout
