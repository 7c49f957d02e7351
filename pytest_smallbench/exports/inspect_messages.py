"""A conversation's messages as inspect writes them.

The model's messages keep their places; an answer that the model never got, for its attempt had
ended, comes after the call that it answers, and a call that no model asked for is a message of
its own.
"""

from __future__ import annotations

from typing import Any

from pytest_smallbench.exports.arguments import read_arguments
from pytest_smallbench.exports.conversation import (
    Call,
    Conversation,
    Reply,
    Said,
    asked,
    function_of,
)
from pytest_smallbench.exports.plain import filled
from pytest_smallbench.reports.events import Data, content, plain

ROLES = {"system": "system", "developer": "system", "assistant": "assistant", "tool": "tool"}
KNOWN = ("role", "content", "tool_calls", "tool_call_id", "reasoning_content", "reasoning")
Fields = dict[str, Any]


class Messages:
    """``prefix`` begins the ids, which must differ within a log."""

    def __init__(self, record: Conversation, model: str, prefix: str) -> None:
        self._record = record
        self._model = model
        self._prefix = prefix
        self._replies = {each.index for each in record.replies}
        self._first_reply = min(self._replies, default=len(record.messages))
        self._told = record.answers_told()
        calls = [call for each in record.messages for call in asked(each).items()]
        self._functions = {id: plain(function_of(call).get("name")) for id, call in calls}
        self._made = {call.asked: call for each in record.replies for call in each.calls}
        self.all = [self._message(n, each) for n, each in enumerate(record.messages)]

    def history(self) -> list[Fields]:
        """All that was said and done, in order."""
        found = self.opening()
        for entry in self._record.entries:
            if isinstance(entry, Said):
                found.append(self.all[entry.index])
            elif isinstance(entry, Reply):
                told = self._told[entry.index]
                found.append(self.all[entry.index])
                found += [self._answer(each) for each in entry.calls if each.asked not in told]
            elif isinstance(entry, Call):
                found += [self._calling(entry), self._answer(entry)]
        return [each for each in found if each]

    def opening(self) -> list[Fields]:
        """The task's text, where the agent began no conversation with a model."""
        text = self._record.statement
        if not text or any(isinstance(each, Said) for each in self._record.entries):
            return []
        return [{"id": self._id("task"), "role": "user", "content": text, "source": "input"}]

    def id_of_answer(self, call: Call) -> str:
        """The id of the message that holds what the call gave."""
        for answers in self._told.values():
            if call.asked and call.asked in answers:
                told = answers[call.asked]
                place = next(n for n, each in enumerate(self._record.messages) if each is told)
                return self._id(place)
        return self._id(f"answer-{call.number}")

    def _id(self, place: int | str) -> str:
        return f"{self._prefix}-{place}"

    def _message(self, place: int, message: Data) -> Fields:
        role = ROLES.get(plain(message.get("role")), "user")
        role = "assistant" if place in self._replies else role
        rest = {name: value for name, value in message.items() if name not in KNOWN and value}
        if isinstance(message.get("content"), list):
            rest["content"] = message["content"]
        source = "generate" if place in self._replies else None
        return {
            "id": self._id(place),
            "role": role,
            "content": _content(message),
            **filled(
                source="input" if role != "assistant" and place < self._first_reply else source,
                metadata=rest or None,
            ),
            **self._of_role(role, message, place),
        }

    def _of_role(self, role: str, message: Data, place: int) -> Fields:
        if role == "assistant":
            calls = [tool_call(id, function_of(call)) for id, call in asked(message).items()]
            model = self._model if place in self._replies else None
            return filled(tool_calls=calls or None, model=model)
        if role == "tool":
            call_id = plain(message.get("tool_call_id"))
            call, function = self._made.get(call_id), self._functions.get(call_id)
            error = failure(call) if call else None
            return filled(tool_call_id=call_id, function=function, error=error)
        return {}

    def _calling(self, call: Call) -> Fields:
        made = {"name": call.name, "arguments": call.arguments}
        return {
            "id": self._id(f"call-{call.number}"),
            "role": "assistant",
            "content": "",
            "tool_calls": [tool_call(call.id, made)],
        }

    def _answer(self, call: Call) -> Fields:
        if call.observation is None:
            return {}
        return {
            "id": self.id_of_answer(call),
            "role": "tool",
            "content": call.observation,
            "tool_call_id": call.id,
            "function": call.name,
            **filled(error=failure(call)),
        }


def _content(message: Data) -> str | list[Fields]:
    """A text; where a model's reasoning is on record, that before it."""
    reasoning = plain(message.get("reasoning_content") or message.get("reasoning"))
    text = content(message)
    if not reasoning:
        return text
    return [{"type": "reasoning", "reasoning": reasoning}, {"type": "text", "text": text}]


def tool_call(call_id: str, function: Data) -> Fields:
    values, odd = read_arguments(function.get("arguments"))
    problem = None if odd is None else f"no JSON object: {plain(odd)}"
    return {
        "id": call_id,
        "function": plain(function.get("name")),
        "arguments": values,
        **filled(parse_error=problem),
        "type": "function",
    }


def failure(call: Call) -> Fields | None:
    """How inspect says that a call could not be carried out as asked."""
    return None if call.valid else {"type": "unknown", "message": call.observation or "not valid"}
