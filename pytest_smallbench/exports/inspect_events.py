"""What happened in an attempt as the events of an inspect sample.

A model event names its input by places in the sample's pool of messages (``events_data``):
each message is written once, however often it was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_smallbench.contracts import Usage
from pytest_smallbench.exports.arguments import read_arguments
from pytest_smallbench.exports.attempt import Attempt
from pytest_smallbench.exports.conversation import Call, Remark, Reply
from pytest_smallbench.exports.inspect_messages import Messages, failure
from pytest_smallbench.exports.inspect_tools import tool
from pytest_smallbench.exports.plain import filled, moment
from pytest_smallbench.reports.events import plain

NO_MODEL = "none/none"  # as inspect calls a run without one
STOPS = {
    "stop": "stop",
    "length": "max_tokens",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
LIMITS = {  # what our limits are called there, and how the reason of one that was reached begins
    "step limit": ("turn", "max_steps"),
    "time limit": ("time", "timeout_s"),
    "token limit": ("token", "max_tokens"),
}
Fields = dict[str, Any]


def events(
    attempt: Attempt, messages: Messages, prefix: str, sample: Fields, scores: Fields
) -> list[Fields]:
    """``sample`` is what the first event says of the task, ``scores`` what the last ones do;
    ``prefix`` begins the ids."""
    told = _Events(attempt, messages, prefix)
    told.begin(sample)
    told.happened()
    told.scored(scores, sample["target"])
    return told.found


def limit_of(attempt: Attempt, reason: str) -> Fields | None:
    """The limit that a text says was reached, as inspect names it."""
    for words, (kind, name) in LIMITS.items():
        if reason.startswith(f"{words} of ") and reason.endswith(" reached"):
            return {"type": kind, "limit": attempt.record.limit(name) or 0, "reason": reason}
    return None


def error_of(message: str) -> Fields:
    """No traceback is on record."""
    return {"message": message, "traceback": "", "traceback_ansi": ""}


def usage(used: Usage, cost_usd: float | None) -> Fields:
    """There, input tokens are those that no cache served."""
    return {
        "input_tokens": max(used.prompt - used.cached, 0),
        "output_tokens": used.completion,
        "total_tokens": used.total,
        "input_tokens_cache_read": used.cached,
        **filled(total_cost=cost_usd),
    }


def output(message: Fields, reply: Reply, model: str) -> Fields:
    stop = STOPS.get(reply.finish_reason, "unknown")
    return {
        "model": model,
        "choices": [{"message": message, "stop_reason": stop}],
        "usage": usage(reply.usage, reply.cost_usd),
        "time": max(reply.at - reply.asked_at, 0.0),
    }


class _Events:
    def __init__(self, attempt: Attempt, messages: Messages, prefix: str) -> None:
        self._attempt = attempt
        self._messages = messages
        self._prefix = prefix
        self.found: list[Fields] = []

    def begin(self, sample: Fields) -> None:
        self._add("sample_init", self._attempt.record.began, sample=sample)

    def happened(self) -> None:
        for entry in self._attempt.record.entries:
            if isinstance(entry, Reply):
                self._model(entry)
                for call in entry.calls:
                    self._tool(call)
            elif isinstance(entry, Call):
                self._tool(entry)
            elif isinstance(entry, Remark):
                self._remark(entry)

    def scored(self, scores: Fields, target: str) -> None:
        for scorer, score in scores.items():
            ended = self._attempt.record.ended
            self._add("score", ended, score=score, scorer=scorer, target=target)

    def _add(self, kind: str, at: float, **fields: Any) -> None:
        began = self._attempt.record.began
        common = {
            "uuid": f"{self._prefix}-event-{len(self.found)}",
            "timestamp": moment(at or began) or self._attempt.run["started"],
            "working_start": round(max(at - began, 0.0), 3),
            "event": kind,
        }
        self.found.append({**common, **fields})

    def _model(self, reply: Reply) -> None:
        model = self._attempt.model or NO_MODEL
        self._add(
            "model",
            reply.asked_at,
            model=model,
            input=[],
            input_refs=_ranges(reply.context),
            tools=[tool(each) for each in reply.tools],
            tool_choice="auto",
            config={},
            output=output(self._messages.all[reply.index], reply, model),
            **filled(completed=moment(reply.at)),
        )

    def _tool(self, call: Call) -> None:
        values, odd = read_arguments(call.arguments)
        answered = call.observation is not None
        self._add(
            "tool",
            call.at,
            type="function",
            id=call.id,
            function=call.name,
            arguments=values,
            result=call.observation or "",
            **filled(
                error=failure(call),
                completed=moment(call.answered),
                working_time=max(call.answered - call.at, 0.0) if answered else None,
                message_id=self._messages.id_of_answer(call) if answered else None,
                metadata={"arguments": plain(odd)} if odd is not None else None,
            ),
        )

    def _remark(self, remark: Remark) -> None:
        _, _, reason = remark.text.partition(": ")
        limit = limit_of(self._attempt, reason)
        if limit is not None:
            told = {"type": limit["type"], "message": reason, "limit": limit["limit"]}
            self._add("sample_limit", remark.at, **told)
        elif remark.kind == "error":
            self._add("error", remark.at, error=error_of(remark.text))
        else:
            data = {"kind": remark.kind, "text": remark.text}
            self._add("info", remark.at, source="pytest-smallbench", data=data)


def _ranges(places: Sequence[int]) -> list[list[int]]:
    """``[0, 1, 2, 5]`` as ``[[0, 3], [5, 6]]``."""
    found: list[list[int]] = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1][1] += 1
        else:
            found.append([place, place + 1])
    return found
