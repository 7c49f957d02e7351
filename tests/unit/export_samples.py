"""Attempts with their records, for the tests of the exports."""

from __future__ import annotations

from typing import Any

from report_samples import report, result

from pytest_smallbench.exports.attempt import Attempt
from pytest_smallbench.exports.conversation import conversation

TOOL = {
    "name": "add",
    "description": "Adds n.",
    "parameters": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
}
USAGE = {"prompt": 100, "completion": 10, "cached": 40}
SYSTEM = {"role": "system", "content": "Be brief."}
USER = {"role": "user", "content": "Reach 3."}


def events(*kinds_and_data: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """An event a second, from second 1000."""
    return [
        {"seq": n, "time": 1000.0 + n, "kind": kind, "data": data}
        for n, (kind, data) in enumerate(kinds_and_data)
    ]


def asks(call_id: str, name: str, arguments: str, text: str | None = None) -> dict[str, Any]:
    """A reply that calls a tool."""
    function = {"name": name, "arguments": arguments}
    calls = [{"id": call_id, "type": "function", "function": function}]
    return {"role": "assistant", "content": text, "tool_calls": calls}


def answer(call_id: str, text: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": text}


def response(message: dict[str, Any], **changed: Any) -> tuple[str, dict[str, Any]]:
    values = {"usage": USAGE, "cost_usd": 0.01, "finish_reason": "tool_calls"}
    return "response", {"message": message, **values, **changed}


START = (
    "start",
    {
        "task": "T/0",
        "nodeid": "bcb-agent::T/0",
        "problem_statement": "Reach three.",
        "limits": {"max_steps": 10, "timeout_s": 600.0, "max_tokens": None},
    },
)
GRADE = ("grade", {"resolved": True, "score": 1.0, "explanation": "", "flags": []})
END = ("end", {"outcome": "resolved", "reason": ""})
FIRST = asks("a", "add", '{"n": 3}', "I add.")
LAST = asks("b", "done", "{}")
WHOLE = events(
    START,
    ("observation", {"text": "Reach 3.", "done": False}),
    ("request", {"messages_kept": 0, "messages_added": [SYSTEM, USER], "tools": ["add"],
                 "described": [TOOL]}),
    response(FIRST),
    ("call", {"name": "add", "arguments": '{"n": 3}', "id": "a"}),
    ("observation", {"text": "total 3", "done": False, "valid": True, "changed": {"x": "1"}}),
    ("request", {"messages_kept": 2, "messages_added": [FIRST, answer("a", "total 3")],
                 "tools": ["add"]}),
    response(LAST),
    ("call", {"name": "done", "arguments": "{}", "id": "b"}),
    ("observation", {"text": "over", "done": True, "valid": True}),
    GRADE,
    END,
)  # fmt: skip


def attempt(found: list[Any] | None = None, **changed: Any) -> Attempt:
    """An attempt with these events; ``changed`` are fields of its result."""
    built = report(result(0, **changed))
    (one,) = built["results"]
    benchmark = built["benchmarks"][one["benchmark"]]
    return Attempt(one, benchmark, built["run"], conversation(WHOLE if found is None else found))
