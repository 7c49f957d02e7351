"""What claude, codex and gemini print in their documented shapes, and what others do."""

from __future__ import annotations

import json

import pytest

from pytest_smallbench.agents.command.printed import Printed, read
from pytest_smallbench.contracts import Usage

CLAUDE = {
    "type": "result",
    "subtype": "success",
    "result": "done",
    "total_cost_usd": 0.0312,
    "usage": {
        "input_tokens": 4,
        "cache_creation_input_tokens": 1000,
        "cache_read_input_tokens": 500,
        "output_tokens": 60,
    },
}
TURN = {"type": "turn.completed", "usage": {"input_tokens": 90, "cached_input_tokens": 40, "output_tokens": 8}}  # fmt: skip  # noqa: E501
CODEX = [
    {"type": "thread.started", "thread_id": "t"},
    {"type": "item.completed", "item": {"type": "agent_message", "text": "first"}},
    {"type": "item.completed", "item": {"type": "mcp_tool_call", "server": "smallbench"}},
    {"type": "item.completed", "item": {"type": "agent_message", "text": "last"}},
    TURN,
]
GEMINI = {
    "response": "said",
    "stats": {
        "models": {
            "pro": {"tokens": {"prompt": 10, "candidates": 2, "thoughts": 3, "cached": 4}},
            "flash": {"tokens": {"prompt": 1, "candidates": 1, "thoughts": 0, "cached": 0}},
        }
    },
}


def lines(records):
    return "\n".join(json.dumps(record) for record in records) + "\n"


@pytest.mark.parametrize(
    "stdout",
    [
        json.dumps(CLAUDE),
        json.dumps([{"type": "system"}, CLAUDE]),
        lines([{"type": "system"}, {"type": "assistant"}, CLAUDE]),
        "a warning first\n" + json.dumps(CLAUDE),
    ],
    ids=["json", "verbose json", "stream-json", "after other text"],
)
def test_claude(stdout):
    assert read(stdout) == Printed("done", Usage(1504, 60, 500), 0.0312)


def test_codex():
    assert read(lines(CODEX)) == Printed("last", Usage(90, 8, 40))
    assert read(lines([*CODEX, TURN])).usage == Usage(180, 16, 80)


def test_a_sum_over_what_was_cut_is_not_known():
    assert read(lines(CODEX), cut=True) == Printed("last", None)
    assert read(lines([CLAUDE]), cut=True).usage == Usage(1504, 60, 500)


def test_gemini():
    assert read(json.dumps(GEMINI)) == Printed("said", Usage(11, 6, 4))


@pytest.mark.parametrize(
    "stdout",
    [
        "plain text",
        "{not json",
        "[" * 100_000,
        json.dumps({"type": "result", "answer": 7}),
        json.dumps({"stats": {"models": {}}, "response": "x"}),
        json.dumps({**CLAUDE, "usage": "much", "total_cost_usd": "a lot"}),
        json.dumps({**CLAUDE, "usage": {}, "total_cost_usd": -1}),
    ],
)
def test_what_is_not_said_is_not_known(stdout):
    printed = read(stdout)
    assert (printed.usage, printed.cost_usd) == (None, None)


def test_plain_text_is_the_answer():
    assert read("  The answer is 7.\n").text == "The answer is 7."
