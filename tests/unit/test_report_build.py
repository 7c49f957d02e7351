from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from report_samples import FACTS, RUN, board, outcomes, report, result

from pytest_smallbench.contracts import Usage
from pytest_smallbench.reports.build import build_report
from pytest_smallbench.reports.gate import GateSettings
from pytest_smallbench.reports.records import record
from pytest_smallbench.reports.shape import SCHEMA, Summary

NAN = float("nan")


def summary_of(*results: Any) -> Summary:
    return report(*results)["benchmarks"]["bcb-agent"]["summary"]


def test_a_whole_report() -> None:
    built = report(*outcomes(resolved=3, unresolved=1), gate=GateSettings(min_rate=0.5))
    assert built["schema"] == SCHEMA == "smallbench-report/1"
    assert built["run"] == RUN
    benchmark = built["benchmarks"]["bcb-agent"]
    assert list(benchmark["groups"]["category"]) == ["Computation", "System", "Visualization"]
    assert benchmark["gate"] == {
        "status": "met",
        "reason": "",
        "exit_code": 0,
        "min_rate": 0.5,
        "max_errors": 0.05,
        "no_regression": False,
    }
    assert (benchmark["agent"], benchmark["model"]) == ("react", "gpt-4o-mini")
    assert benchmark["labels"]["category"] == "library domain"
    assert len(built["results"]) == 4


def test_it_survives_json_unchanged() -> None:
    built = report(*outcomes(resolved=2, unresolved=2, error=1, skipped=1))
    assert json.loads(json.dumps(built, allow_nan=False)) == built


def test_the_summary() -> None:
    summary = summary_of(*outcomes(resolved=3, unresolved=1, error=1, skipped=1))
    assert (summary["tasks"], summary["graded"], summary["resolved"]) == (6, 4, 3)
    assert summary["resolved_rate"] == 0.75
    assert summary["ci95"] == pytest.approx([0.3006, 0.9544], abs=1e-4)
    assert summary["tokens"] == {"prompt": 600, "completion": 60, "cached": 240}
    assert summary["cost_usd"] == pytest.approx(0.06)
    assert summary["cost_per_resolved_usd"] == pytest.approx(0.02)
    assert summary["duration_s"] == 130.0
    assert summary["pass_at"] == summary["pass_hat"] == {"1": 0.75}


def test_nothing_graded_has_no_rate() -> None:
    summary = summary_of(*outcomes(error=2))
    assert (summary["resolved_rate"], summary["ci95"], summary["mean_score"]) == (None, None, None)
    assert summary["cost_per_resolved_usd"] is None
    assert summary["pass_at"] == {}


def test_the_mean_score_is_over_verdicts() -> None:
    scored = [
        result(1, score=1.0),
        result(2, "unresolved", score=0.5),
        result(3, "unresolved"),  # plain asserts give no score: 0
        result(4, "error", score=0.9),
    ]
    assert summary_of(*scored)["mean_score"] == 0.5


def test_one_unknown_price_makes_the_bill_unknown() -> None:
    summary = summary_of(result(1), result(2, cost_usd=None))
    assert summary["cost_usd"] is None
    assert summary["cost_per_resolved_usd"] is None


def test_a_run_without_a_model_costs_nothing() -> None:
    summary = summary_of(result(1, usage=Usage(), cost_usd=None))
    assert (summary["cost_usd"], summary["cost_per_resolved_usd"]) == (0.0, 0.0)


def test_what_ran_twice_is_paid_twice_and_told() -> None:
    built = report(result(1, "error"), result(1, "resolved"))
    benchmark = built["benchmarks"]["bcb-agent"]
    assert benchmark["summary"]["cost_usd"] == pytest.approx(0.02)
    assert benchmark["summary"]["repeats"] == 1
    [note] = benchmark["notes"]
    assert note.startswith("1 result of items that ran again: the first verdict stands")


def test_a_result_has_every_promised_key() -> None:
    found = record(
        result(
            7,
            "unresolved",
            reason="no submission",
            agent_output="x" * 600,
            metrics={"edits": 2, "odd": NAN},
            score=NAN,
            flags=("unvalidated",),
        )
    )
    assert found["task_id"] == "T/7"
    assert found["tokens"] == {"prompt": 100, "completion": 10, "cached": 40}
    assert found["agent_output"] == "x" * 500
    assert (found["score"], found["metrics"]) == (None, {"edits": 2, "odd": None})
    promised = (
        "benchmark task_id nodeid attempt outcome reason score category agent_output "
        "expected_output steps tool_calls invalid_tool_calls tokens cost_usd duration_s metrics "
        "trajectory"
    )
    assert set(promised.split()) <= found.keys()


def test_secrets_do_not_reach_the_report() -> None:
    leaky = result(1, "error", reason="key abcdefgh refused", agent_output="abcdefgh")
    built, _ = build_report(board(leaky), RUN, {}, secrets=["abcdefgh"])
    assert "abcdefgh" not in json.dumps(built)
    assert built["results"][0]["reason"] == "key *** refused"


def test_the_benchmarks_own_figures() -> None:
    facts = replace(FACTS, abilities=lambda results: {"tried": len(results) / 4, "odd": NAN})
    built = report(*outcomes(resolved=2), facts=facts)
    assert built["benchmarks"]["bcb-agent"]["summary"]["abilities"] == {"tried": 0.5, "odd": None}


def test_a_fault_in_them_does_not_cost_the_report() -> None:
    def broken(_results: object) -> dict[str, float | None]:
        raise KeyError("edits")

    built = report(*outcomes(resolved=2), facts=replace(FACTS, abilities=broken))
    benchmark = built["benchmarks"]["bcb-agent"]
    assert benchmark["notes"] == ["no figures of the benchmark's own: KeyError: 'edits'"]
    assert benchmark["summary"]["resolved"] == 2


def test_the_same_results_make_the_same_report_in_any_order() -> None:
    results = outcomes(resolved=12, unresolved=12, error=3)
    assert json.dumps(report(*results)) == json.dumps(report(*reversed(results)))
    ids = [each["task_id"] for each in report(*reversed(results))["results"]]
    assert ids == [f"T/{number}" for number in range(27)]


def test_items_that_sent_nothing_are_named() -> None:
    scoreboard = board(result(1))
    scoreboard.add_expected(["bcb-agent::T/3"], "bcb-agent")
    built, verdicts = build_report(scoreboard, RUN, {})
    benchmark = built["benchmarks"]["bcb-agent"]
    assert benchmark["missing"] == ["bcb-agent::T/3"]
    assert benchmark["gate"]["reason"] == verdicts["bcb-agent"].reason == "1 item lost"


def test_with_several_attempts_a_task_counts_once() -> None:
    results = [
        result(n, outcome, nodeid=f"bcb-agent::T/{n}[{k}]", attempt=k)
        for n, k, outcome in (
            (1, 1, "resolved"),
            (1, 2, "unresolved"),
            (2, 1, "resolved"),
            (2, 2, "error"),
        )
    ]
    facts = replace(FACTS, attempts=2)
    summary = report(*results, facts=facts)["benchmarks"]["bcb-agent"]["summary"]
    assert (summary["attempts"], summary["tasks"], summary["graded"]) == (2, 4, 3)
    assert summary["resolved_rate"] == 0.75  # of the attempts it would be 2 in 3
    assert summary["pass_at"] == {"1": 0.75, "2": 1.0}
    assert summary["pass_hat"] == {"1": 0.75, "2": 0.0}


def test_building_takes_time_in_proportion() -> None:
    """As a ratio, for machines differ: less than twenty times as long as JSON needs."""
    results = outcomes(resolved=2000, unresolved=2500, error=60)
    scoreboard = board(*results)
    began = time.process_time()
    built, _ = build_report(scoreboard, RUN, {"bcb-agent": FACTS})
    building = time.process_time() - began
    began = time.process_time()
    json.loads(json.dumps(built))
    assert building < 20 * (time.process_time() - began)
