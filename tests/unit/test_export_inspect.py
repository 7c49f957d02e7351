"""A benchmark as an inspect log, by the fields; tests/neighbours asks inspect's own reader."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from export_samples import END, START, USER, WHOLE, asks, attempt, events, response
from odd_events import HOSTILE, deep, mangled
from report_samples import FACTS, report, result

from pytest_smallbench.contracts import Result
from pytest_smallbench.exports.inspect_log import inspect_log, log_name
from pytest_smallbench.exports.inspect_sample import sample
from pytest_smallbench.exports.plain import dumped
from pytest_smallbench.reports.shape import Report

ORDER = ["version", "status", "eval", "plan", "results", "stats", "error", "samples", "reductions"]
TWICE = dataclasses.replace(FACTS, attempts=2)


def attempts(*outcomes: Any) -> list[Result]:
    """Two attempts a task, in this order."""
    return [
        result(n // 2, outcome, attempt=n % 2 + 1, nodeid=f"bcb-agent::T/{n // 2}[{n % 2 + 1}]",
               trajectory=f"trajectories/{n}.jsonl", score=float(outcome == "resolved"))
        for n, outcome in enumerate(outcomes)
    ]  # fmt: skip


def log(folder: Path, built: Report) -> dict[str, Any]:
    """The log of a report whose attempts all have the same record."""
    (folder / "trajectories").mkdir()
    for each in built["results"]:
        if each["trajectory"]:
            text = "\n".join(json.dumps(event) for event in WHOLE)
            (folder / each["trajectory"]).write_text(text)
    found = json.loads("".join(inspect_log(built, "bcb-agent", folder)))
    assert [key for key in ORDER if key in found] == list(found)
    return dict(found)


def checked(found: dict) -> dict:
    """The sample as it is read back, held to the format's rules."""
    read = json.loads(dumped(found).encode(), parse_constant=pytest.fail)
    ids = [each["id"] for each in read["messages"]]
    assert len(ids) == len(set(ids))
    assert isinstance(read["input"], str)
    pool = read["events_data"]["messages"]
    for each in [*pool, *read["messages"]]:
        assert each["role"] in ("system", "user", "assistant", "tool")
        assert isinstance(each["content"], str | list)
    for event in read["events"]:
        if event["event"] == "model":
            assert all(0 <= a < b <= len(pool) for a, b in event["input_refs"])
        if event["event"] == "tool":
            assert isinstance(event["arguments"], dict)
            assert event.get("message_id") in (None, *ids)
    return dict(read)


# -- a sample ------------------------------------------------------------------------


def test_messages_calls_and_answers():
    found = checked(sample(attempt(), "T/0"))
    roles = ["system", "user", "assistant", "tool", "assistant", "tool"]
    assert [each["role"] for each in found["messages"]] == roles
    _, _, reply, answer, _, last = found["messages"]
    assert reply["tool_calls"] == [
        {"id": "a", "function": "add", "arguments": {"n": 3}, "type": "function"}
    ]
    assert (reply["model"], reply["source"]) == ("gpt-4o-mini", "generate")
    assert (answer["tool_call_id"], answer["function"], answer["content"]) == (
        "a",
        "add",
        "total 3",
    )
    assert (last["tool_call_id"], last["content"]) == ("b", "over")


def test_the_task_and_its_verdict():
    found = checked(sample(attempt(expected_output="3", score=0.5, reason="why"), "T/0"))
    assert (found["id"], found["epoch"], found["input"]) == ("T/0", 1, "Reach three.")
    assert found["target"] == "3"
    assert (found["scores"]["resolved"]["value"], found["scores"]["score"]["value"]) == ("C", 0.5)
    assert found["scores"]["resolved"]["explanation"] == "why"
    assert (found["turn_count"], found["time_limit"]) == (2, 600)
    assert "error" not in found
    assert "limit" not in found


def test_input_tokens_are_those_that_no_cache_served():
    (used,) = checked(sample(attempt(), "T/0"))["model_usage"].values()
    assert used == {
        "input_tokens": 60, "output_tokens": 10, "total_tokens": 110,
        "input_tokens_cache_read": 40, "total_cost": 0.01,
    }  # fmt: skip


def test_events_name_their_input_by_its_place():
    found = checked(sample(attempt(), "T/0"))
    kinds = ["sample_init", "model", "tool", "model", "tool", "score"]
    assert [each["event"] for each in found["events"]] == kinds
    _, first, call, second, _, _ = found["events"]
    assert (first["input_refs"], second["input_refs"]) == ([[0, 2]], [[0, 4]])
    assert first["tools"][0]["parameters"]["required"] == ["n"]
    assert call["message_id"] == found["messages"][3]["id"]
    assert first["output"]["choices"][0]["stop_reason"] == "tool_calls"


def test_an_error_is_not_wrong():
    found = checked(sample(attempt(outcome="error", reason="ModelError: gone"), "T/0"))
    assert found["scores"] == {}
    assert found["error"]["message"] == "ModelError: gone"


@pytest.mark.parametrize(
    ("reason", "kind", "limit"),
    [
        ("step limit of 10 reached", "turn", 10),
        ("time limit of 600 s reached", "time", 600),
        ("token limit of 5 reached", "token", 0),
    ],
)
def test_limits_have_their_names_there(reason: str, kind: str, limit: int):
    reached = ("error", {"kind": "LimitReached", "message": reason})
    found = checked(sample(attempt(events(START, reached, END), outcome="unresolved"), "T/0"))
    assert found["limit"] == {"type": kind, "limit": limit, "reason": reason}
    assert "sample_limit" in [each["event"] for each in found["events"]]
    assert found["scores"]["resolved"]["value"] == "I"


def test_an_attempt_without_a_model_begins_with_its_task():
    call = ("call", {"name": "add", "arguments": {"n": 1}, "id": ""})
    record = events(START, call, ("observation", {"text": "total 1", "valid": False}), END)
    found = checked(sample(attempt(record), "T/0"))
    task, calls, answer = found["messages"]
    assert (task["role"], task["content"]) == ("user", "Reach three.")
    assert calls["tool_calls"][0]["id"] == answer["tool_call_id"] == "call-2"
    assert answer["error"] == {"type": "unknown", "message": "total 1"}


def test_reasoning_comes_before_the_words():
    message = {**asks("a", "add", "{}", "So."), "reasoning_content": "Hm."}
    record = events(("request", {"messages_added": [USER]}), response(message), END)
    reply = checked(sample(attempt(record), "T/0"))["messages"][1]
    assert reply["content"] == [
        {"type": "reasoning", "reasoning": "Hm."}, {"type": "text", "text": "So."},
    ]  # fmt: skip


def test_a_record_that_is_not_whole_says_so():
    found = checked(sample(attempt(WHOLE[:4]), "T/0"))
    assert found["metadata"]["note"].startswith("The record is not whole")


def test_hostile_texts_survive():
    reply = asks("a", HOSTILE, json.dumps({HOSTILE: HOSTILE}), HOSTILE)
    record = events(
        ("request", {"messages_added": [{"role": "user", "content": HOSTILE}]}),
        response(reply, cost_usd=float("nan")),
        ("call", {"name": HOSTILE, "arguments": {"n": float("inf"), "deep": deep(500)}, "id": "a"}),
        ("observation", {"text": HOSTILE}),
    )
    found = checked(sample(attempt(record, reason=HOSTILE, agent_output=HOSTILE), "T/0"))
    assert found["messages"][1]["content"] == HOSTILE.replace("\udc80", "\\udc80")


def test_no_odd_event_raises_or_breaks_the_format():
    for odd in mangled():
        checked(sample(attempt(odd), "T/0"))


# -- the log -------------------------------------------------------------------------


def test_attempts_are_epochs_and_rates_are_over_tasks(tmp_path: Path):
    several = attempts("resolved", "unresolved", "unresolved", "unresolved", "resolved", "error")
    found = log(tmp_path, report(*several, facts=TWICE))
    ids = [(each["id"], each["epoch"]) for each in found["samples"]]
    assert ids[:3] == [("T/0", 1), ("T/0", 2), ("T/1", 1)]
    results = found["results"]
    assert (results["total_samples"], results["completed_samples"]) == (6, 5)
    scores = {(e["name"], e.get("reducer")): e["metrics"] for e in results["scores"]}
    assert scores["resolved", "mean"]["accuracy"]["value"] == pytest.approx(0.5)
    assert scores["resolved", "pass_at_2"]["accuracy"]["value"] == pytest.approx(0.5)
    assert scores["resolved", "pass_k_2"]["accuracy"]["value"] == 0
    assert results["scores"][0]["unscored_samples"] == 1
    rates = {e["sample_id"]: e["value"] for e in found["reductions"][0]["samples"]}
    assert rates == {"T/0": 0.5, "T/1": 0.0, "T/2": 1.0}


def test_what_the_run_was(tmp_path: Path):
    found = log(tmp_path, report(result(0), result(1, "unresolved")))
    spec = found["eval"]
    assert (spec["task"], spec["model"], spec["solver"]) == ("bcb-agent", "gpt-4o-mini", "react")
    assert spec["dataset"]["sample_ids"] == ["T/0", "T/1"]
    assert spec["config"] == {"epochs": 1, "turn_limit": 10, "time_limit": 600}
    assert found["status"] == "success"
    assert found["stats"]["model_usage"]["gpt-4o-mini"]["total_cost"] == pytest.approx(0.02)
    assert found["reductions"] is None


@pytest.mark.parametrize(
    ("stopped", "status", "message"),
    [
        ("interrupted", "cancelled", "1 attempt without a result: interrupted"),
        ("budget", "error", "1 attempt without a result: budget"),
    ],
)
def test_a_run_that_is_not_whole_is_no_success(
    tmp_path: Path, stopped: str, status: str, message: str
):
    built = report(result(0), result(1, "not_run", trajectory="", reason="too late"))
    built["run"]["stopped"] = stopped
    found = log(tmp_path, built)
    assert (found["status"], found["error"]["message"]) == (status, message)
    assert [each["id"] for each in found["samples"]] == ["T/0"]
    left = [{"id": "T/1", "epoch": 1, "outcome": "not_run", "reason": "too late"}]
    assert found["results"]["metadata"]["without_record"] == left


def test_forms_of_one_task_are_samples_of_their_own(tmp_path: Path):
    forms = [
        result(0, form=form, nodeid=f"bcb-agent::T/0[{form}]") for form in ("instruct", "complete")
    ]
    found = log(tmp_path, report(*forms))
    assert [each["id"] for each in found["samples"]] == ["T/0[complete]", "T/0[instruct]"]


def test_a_file_that_is_gone_leaves_the_verdict(tmp_path: Path):
    (tmp_path / "trajectories").mkdir()
    (found,) = json.loads("".join(inspect_log(report(result(0)), "bcb-agent", tmp_path)))["samples"]
    assert found["scores"]["resolved"]["value"] == "C"
    assert "there was no file trajectories/" in found["metadata"]["note"]


def test_the_log_has_a_name_that_inspect_knows():
    built = report(result(0, benchmark="my/bench_1"))
    name = log_name(built, "my/bench_1")
    assert name == "2026-01-31T12-00-00+00-00_my-bench-1_ab12.json"
