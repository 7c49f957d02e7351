from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from _pytest._io import TerminalWriter
from report_samples import report, result

from pytest_smallbench.reports.github import command, github, runner_lines, step_summary
from pytest_smallbench.reports.shape import Comparison, Flip, Report
from pytest_smallbench.reports.untrusted import clean

WRITER = TerminalWriter(io.StringIO())
HOSTILE = "x\n::set-env name=A::b\r\n::error::100%"


def comparison(*regressed: str) -> Comparison:
    flips: list[Flip] = [{"task": task, "before": 1.0, "now": 0.0} for task in regressed]
    return {
        "baseline": {"path": "b.json", "run": "a", "finished": ""},
        "changes": [],
        "pairs": 20,
        "only_before": 0,
        "only_now": 0,
        "rate_before": 1.0,
        "rate_now": 0.5,
        "difference": -0.5,
        "ci95": [-0.6, -0.4],
        "test": "exact McNemar",
        "p_value": 0.01,
        "alpha": 0.05,
        "detectable": 0.2,
        "regressed": flips,
        "improved": [],
    }


def compared(status: str, *regressed: str, **changed: Any) -> Report:
    built = report(result(1, "unresolved", **{"reason": "3 of 5 tests failed", **changed}))
    benchmark = built["benchmarks"]["bcb-agent"]
    benchmark["comparison"] = comparison(*regressed)
    benchmark["gate"]["status"] = status
    return built


def test_a_line_for_the_gate_and_one_for_each_task_that_got_worse() -> None:
    lines = list(runner_lines(compared("missed", "T/1", "T/2")))
    assert lines[0].startswith("::error title=bcb-agent%3A gate missed::bcb-agent: resolved 0/1")
    assert lines[1:] == [
        "::error title=bcb-agent%3A task got worse::"
        "T/1: resolved 100.0%25 before, 0.0%25 now: 3 of 5 tests failed",
        "::error title=bcb-agent%3A task got worse::T/2: resolved 100.0%25 before, 0.0%25 now",
    ]


def test_what_may_be_chance_is_a_warning() -> None:
    (line,) = runner_lines(compared("met", "T/1"))
    assert line.startswith("::warning title=bcb-agent%3A task got worse::T/1: ")


def test_no_text_of_an_agents_becomes_a_command() -> None:
    built = compared("missed", "T/1", HOSTILE, reason=HOSTILE)
    for line in [*runner_lines(built), command("error", HOSTILE, HOSTILE)]:
        assert len(line.splitlines()) == 1
        assert line.startswith("::error title=")
        assert "100%25" in line or "gate" in line or "%" not in line.partition("title=")[0]


def test_nor_does_what_a_transcript_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a\n  ::error::b\n##[error]c"
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert clean(text) == text
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert [line.strip()[0] for line in clean(text).splitlines()] == ["a", "\u200b", "\u200b"]


def test_the_summary_is_appended_and_has_no_dead_links(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    plugin = github(WRITER, {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(path)})
    assert plugin is not None
    plugin.pytest_smallbench_report(compared("missed", "T/1"))
    text = path.read_text()
    assert text.startswith("before\n# Benchmark report")
    assert "`bcb-agent::T/1`" in text
    assert "](trajectories" not in text


def test_a_summary_that_github_would_refuse_is_cut_to_the_verdicts() -> None:
    built = compared("missed", *[f"T/{n}{'x' * 100}" for n in range(20_000)])
    assert step_summary(built).endswith("The whole is in report.md.\n")


def test_elsewhere_there_is_nothing_of_it() -> None:
    assert github(WRITER, {}) is None
    assert github(WRITER, {"GITHUB_ACTIONS": "false"}) is None
