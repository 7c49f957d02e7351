"""An attempt as a trajectory in ATIF v1.8, the Agent Trajectory Interchange Format.

A step is a message of the system or the user, a model's reply with the calls made for it and
what they gave, or a call that no model of ours asked for. Prompt tokens include cached ones,
there as here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_smallbench.exports.arguments import read_arguments
from pytest_smallbench.exports.attempt import Attempt
from pytest_smallbench.exports.conversation import (
    Call,
    Conversation,
    Entry,
    Remark,
    Reply,
    Said,
    asked,
    function_of,
)
from pytest_smallbench.exports.plain import filled, moment
from pytest_smallbench.reports.events import Data, content, plain
from pytest_smallbench.reports.plain import tokens

VERSION = "ATIF-v1.8"
SOURCES = {"system": "system", "developer": "system", "assistant": "agent", "tool": "system"}
OWN_AGENTS = ("react", "oracle", "nop", "solutions")
Fields = dict[str, Any]


def atif(attempt: Attempt) -> Fields:
    record = attempt.record
    steps = _steps(record)
    return {
        "schema_version": VERSION,
        "session_id": attempt.id,
        "trajectory_id": attempt.id,
        "agent": _agent(attempt),
        "steps": steps,
        "final_metrics": _final_metrics(attempt, len(steps)),
        "extra": _extra(attempt),
        **filled(notes=record.note or None),
    }


def _agent(attempt: Attempt) -> Fields:
    name = attempt.benchmark["agent"] or "unknown"
    definitions = [{"type": "function", "function": tool} for tool in attempt.record.tools]
    return filled(
        name=name,
        version=_version(attempt, name),
        model_name=attempt.model,
        tool_definitions=definitions or None,
        extra=filled(prompt=attempt.benchmark["agent_prompt"]) or None,
    )


def _version(attempt: Attempt, name: str) -> str:
    """This package's for an agent of ours, the repository's commit for a user's."""
    git = attempt.run["git"]
    if name in OWN_AGENTS:
        return attempt.run["versions"].get("pytest-smallbench", "unknown")
    return git["commit"] if git else "unknown"


def _final_metrics(attempt: Attempt, steps: int) -> Fields:
    result, tokens = attempt.result, attempt.result["tokens"]
    return filled(
        total_prompt_tokens=tokens["prompt"],
        total_completion_tokens=tokens["completion"],
        total_cached_tokens=tokens["cached"],
        total_cost_usd=result["cost_usd"],
        total_steps=steps,
        extra={
            name: result[name]
            for name in ("steps", "tool_calls", "invalid_tool_calls", "duration_s", "metrics")
        },
    )


def _extra(attempt: Attempt) -> Fields:
    """What became of the attempt, and of which task and run it is."""
    result, benchmark = dict(attempt.result), attempt.benchmark
    shown = ("benchmark", "task_id", "nodeid", "attempt", "form", "category", "tags", "outcome",
             "reason", "score", "agent_output", "expected_output", "flags")  # fmt: skip
    return {
        **{name: result[name] for name in shown},
        "grade": attempt.record.grade,
        "limits": attempt.record.start.get("limits"),
        "dataset": benchmark["dataset"],
        "grader_version": benchmark["grader_version"],
        "environment": benchmark["environment"],
        "run": {name: attempt.run[name] for name in ("id", "started", "finished", "versions")},
    }


# -- steps ---------------------------------------------------------------------------


def _steps(record: Conversation) -> list[Fields]:
    """At least one, for the format has no trajectory without."""
    told = record.answers_told()
    steps = [step for entry in record.entries if (step := _step(record, entry, told))]
    if record.statement and not any(isinstance(each, Said) for each in record.entries):
        steps.insert(0, _spoken("user", record.statement, record.began))
    steps = steps or [_spoken("system", record.note or "Nothing was said or done.", 0.0)]
    return [{"step_id": number, **step} for number, step in enumerate(steps, start=1)]


def _step(record: Conversation, entry: Entry, told: dict[int, dict[str, Data]]) -> Fields | None:
    if isinstance(entry, Reply):
        return _replied(record.messages[entry.index], entry, told[entry.index])
    if isinstance(entry, Call):
        return _acted(entry)
    if isinstance(entry, Remark):
        return {**_spoken("system", entry.text, entry.at), "extra": {"event": entry.kind}}
    message = record.messages[entry.index]
    if any(message is each for answers in told.values() for each in answers.values()):
        return None  # it is in the observation of the step that asked
    role = plain(message.get("role"))
    step = _spoken(SOURCES.get(role, "user"), content(message), entry.at)
    if role not in ("system", "user"):
        step["extra"] = {"message": message}
    return step


def _spoken(source: str, text: str, at: float) -> Fields:
    silent = 0 if source == "agent" else None
    return filled(timestamp=moment(at), source=source, message=text, llm_call_count=silent)


def _replied(message: Data, reply: Reply, told: Mapping[str, Data]) -> Fields:
    results = _results(reply, told)
    used = tokens(reply.usage)
    reasoning = plain(message.get("reasoning_content") or message.get("reasoning"))
    return filled(
        timestamp=moment(reply.at),
        source="agent",
        message=content(message),
        reasoning_content=reasoning or None,
        tool_calls=_asked_calls(message, reply) or None,
        observation={"results": results} if results else None,
        metrics=filled(
            prompt_tokens=used["prompt"],
            completion_tokens=used["completion"],
            cached_tokens=used["cached"],
            cost_usd=reply.cost_usd,
        ),
        llm_call_count=1,
        extra=_rest(message, reply) or None,
    )


def _asked_calls(message: Data, reply: Reply) -> list[Fields]:
    """The calls as they were made, or as they were asked for where none was made of one."""
    made = {call.asked: call for call in reply.calls}
    found = []
    for call_id, call in asked(message).items():
        function, own = function_of(call), made.pop(call_id, None)
        name = own.name if own else plain(function.get("name"))
        found.append(_tool_call(call_id, name, own.arguments if own else function.get("arguments")))
    return found + [_tool_call(call.id, call.name, call.arguments) for call in made.values()]


def _results(reply: Reply, told: Mapping[str, Data]) -> list[Fields]:
    """What the calls gave, and what the model was told of calls that the agent did not make."""
    made = {call.asked for call in reply.calls}
    others = {call_id: answer for call_id, answer in told.items() if call_id not in made}
    return [
        *(_result(call, told.get(call.asked)) for call in reply.calls),
        *({"source_call_id": id, "content": content(each)} for id, each in others.items()),
    ]


def _rest(message: Data, reply: Reply) -> Fields:
    """What a message has besides: a refusal, parts that are no text."""
    known = ("role", "content", "tool_calls", "reasoning_content", "reasoning")
    rest = {name: value for name, value in message.items() if name not in known and value}
    if isinstance(message.get("content"), list):
        rest["content"] = message["content"]
    return {**filled(finish_reason=reply.finish_reason or None), **rest}


def _tool_call(call_id: str, name: str, arguments: object) -> Fields:
    values, odd = read_arguments(arguments)
    return filled(
        tool_call_id=call_id,
        function_name=name,
        arguments=values,
        extra={"arguments": odd} if odd is not None else None,
    )


def _acted(call: Call) -> Fields:
    """A call of an agent that asked no model of ours for it."""
    return filled(
        timestamp=moment(call.at),
        source="agent",
        message="",
        tool_calls=[_tool_call(call.id, call.name, call.arguments)],
        observation={"results": [_result(call, None)]} if call.observation is not None else None,
        llm_call_count=0,
    )


def _result(call: Call, told: Data | None) -> Fields:
    """What a call gave; also what the model was told of it, where that is something else."""
    said = content(told) if told is not None else call.observation
    return filled(
        source_call_id=call.id,
        content=call.observation,
        extra=filled(
            valid=None if call.valid else False,
            done=call.done or None,
            changed=call.changed or None,
            told=said if said != call.observation else None,
        )
        or None,
    )
