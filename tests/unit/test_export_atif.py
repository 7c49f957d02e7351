"""An attempt as an ATIF trajectory, by the fields; tests/neighbours asks harbor's own validator."""

from __future__ import annotations

import json

import pytest
from export_samples import END, START, USER, answer, asks, attempt, events, response
from odd_events import HOSTILE, deep, mangled

from pytest_smallbench.exports.atif import atif
from pytest_smallbench.exports.plain import dumped


def checked(document: dict) -> dict:
    """The document as it is read back, held to the format's rules."""
    read = json.loads(dumped(document).encode(), parse_constant=pytest.fail)
    steps = read["steps"]
    assert [step["step_id"] for step in steps] == [*range(1, len(steps) + 1)]
    for step in steps:
        assert isinstance(step["message"], str)
        assert step["source"] in ("system", "user", "agent")
        calls = {call["tool_call_id"] for call in step.get("tool_calls", ())}
        results = step.get("observation", {}).get("results", ())
        assert {each["source_call_id"] for each in results} <= calls
        assert step["source"] == "agent" or not {"tool_calls", "metrics"} & step.keys()
        assert step.get("llm_call_count") != 0 or "metrics" not in step
        assert all(isinstance(call["arguments"], dict) for call in step.get("tool_calls", ()))
    assert read["final_metrics"]["total_steps"] == len(steps)
    return read


def test_a_step_holds_a_reply_its_calls_and_what_they_gave():
    found = checked(atif(attempt()))
    assert [step["source"] for step in found["steps"]] == ["system", "user", "agent", "agent"]
    step = found["steps"][2]
    assert step["message"] == "I add."
    assert step["tool_calls"] == [
        {"tool_call_id": "a", "function_name": "add", "arguments": {"n": 3}}
    ]
    assert step["observation"]["results"] == [
        {"source_call_id": "a", "content": "total 3", "extra": {"changed": {"x": "1"}}}
    ]
    assert step["metrics"] == {
        "prompt_tokens": 100, "completion_tokens": 10, "cached_tokens": 40, "cost_usd": 0.01,
    }  # fmt: skip
    assert step["timestamp"] == "1970-01-01T00:16:43.000+00:00"


def test_agent_totals_and_what_became_of_it():
    found = checked(atif(attempt(category="Network", tags=("csv",))))
    assert found["schema_version"] == "ATIF-v1.8"
    assert found["session_id"] == "ab12:bcb-agent::T/0"
    assert (found["agent"]["name"], found["agent"]["model_name"]) == ("react", "gpt-4o-mini")
    assert found["agent"]["tool_definitions"][0]["function"]["name"] == "add"
    totals = found["final_metrics"]
    assert (totals["total_prompt_tokens"], totals["total_cached_tokens"]) == (100, 40)
    assert totals["total_cost_usd"] == 0.01
    assert found["extra"]["outcome"] == "resolved"
    assert (found["extra"]["category"], found["extra"]["tags"]) == ("Network", ["csv"])
    assert "notes" not in found


def test_an_unknown_price_is_left_out():
    found = checked(atif(attempt(cost_usd=None)))
    assert "total_cost_usd" not in found["final_metrics"]


def test_calls_that_no_model_asked_for_are_steps_without_a_model():
    call = ("call", {"name": "add", "arguments": {"n": 1}, "id": ""})
    found = checked(atif(attempt(events(START, call, ("observation", {"text": "total 1"}), END))))
    task, step = found["steps"]
    assert (task["source"], task["message"]) == ("user", "Reach three.")
    assert (step["llm_call_count"], step["tool_calls"][0]["function_name"]) == (0, "add")


def test_arguments_that_are_no_object_are_kept_beside_it():
    script = [
        START,
        ("request", {"messages_kept": 0, "messages_added": [USER]}),
        response(asks("a", "add", "{}")),
        ("call", {"name": "add", "arguments": '{"n": ', "id": "a"}),
        ("observation", {"text": "not JSON", "valid": False}),
        END,
    ]
    step = checked(atif(attempt(events(*script))))["steps"][1]
    assert step["tool_calls"][0]["arguments"] == {}
    assert step["tool_calls"][0]["extra"] == {"arguments": '{"n": '}
    assert step["observation"]["results"][0]["extra"] == {"valid": False}


def test_a_tool_of_the_agents_own_is_answered_by_what_the_model_was_told():
    asked = asks("a", "search", "{}")
    script = [
        ("request", {"messages_kept": 0, "messages_added": [USER]}),
        response(asked),
        ("request", {"messages_kept": 1, "messages_added": [asked, answer("a", "found")]}),
        response({"role": "assistant", "content": "Yes."}),
        END,
    ]
    steps = checked(atif(attempt(events(*script))))["steps"]
    assert len(steps) == 3
    assert steps[1]["observation"]["results"] == [{"source_call_id": "a", "content": "found"}]


def test_a_record_of_nothing_has_one_step_and_a_note():
    found = checked(atif(attempt([])))
    (step,) = found["steps"]
    assert step["message"] == found["notes"]
    assert found["notes"].endswith("this is made of 0 events.")


def test_hostile_texts_survive():
    reply = asks("a", HOSTILE, json.dumps({HOSTILE: HOSTILE}), HOSTILE)
    script = [
        ("request", {"messages_kept": 0, "messages_added": [{"role": "user", "content": HOSTILE}]}),
        response(reply, cost_usd=float("nan")),
        ("call", {"name": HOSTILE, "arguments": {"n": float("inf"), "deep": deep(500)}, "id": "a"}),
        ("observation", {"text": HOSTILE}),
    ]
    found = checked(atif(attempt(events(*script), reason=HOSTILE, agent_output=HOSTILE)))
    shown = HOSTILE.replace("\udc80", "\\udc80")
    assert found["steps"][0]["message"] == found["steps"][1]["message"] == shown
    assert found["steps"][1]["tool_calls"][0]["arguments"]["n"] == "inf"


def test_no_odd_event_raises_or_breaks_the_format():
    for odd in mangled():
        checked(atif(attempt(odd)))
