"""A trajectory's events as what was said and done, in order: replies with the calls made for
them, calls with their observations, and the conversation that each request held.

The events may come from a user's agent or from a file that was cut off: whatever they hold,
nothing here raises for it, and a note says where a record is not whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from pytest_smallbench.contracts import Usage
from pytest_smallbench.reports.events import Data, items, number, plain
from pytest_smallbench.trajectory import read_events


@dataclass
class Call:
    """A tool call that was made. ``asked`` is the id that the model gave it, or empty.
    ``observation`` is None where the record ends before an answer."""

    at: float
    number: int
    name: str
    arguments: Any
    asked: str = ""
    observation: str | None = None
    answered: float = 0.0
    valid: bool = True
    done: bool = False
    changed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.asked or f"call-{self.number}"


@dataclass
class Said:
    """A message that the agent put into the conversation; ``index`` is its place in
    ``Conversation.messages``."""

    at: float
    index: int


@dataclass
class Reply:
    """A model's answer: ``index`` is its message's place in ``Conversation.messages``,
    ``context`` are the places of the messages that it answers."""

    at: float
    index: int
    asked_at: float
    context: tuple[int, ...]
    tools: Sequence[Data]
    usage: Usage
    cost_usd: float | None
    finish_reason: str
    calls: list[Call] = field(default_factory=list)


@dataclass
class Remark:
    """An error, or an event of a kind that is not known."""

    at: float
    kind: str
    text: str


Entry: TypeAlias = Said | Reply | Call | Remark


@dataclass
class Conversation:
    """``messages`` are all different messages in the order of their first appearance.
    ``note`` says what is amiss with the record, or is empty."""

    messages: list[Data] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    start: Data = field(default_factory=dict)
    grade: Data | None = None
    opening: str = ""
    note: str = ""

    @property
    def replies(self) -> list[Reply]:
        return [each for each in self.entries if isinstance(each, Reply)]

    @property
    def tools(self) -> Sequence[Data]:
        """What was offered in the last request."""
        return next((each.tools for each in reversed(self.replies)), ())

    @property
    def statement(self) -> str:
        """The task's text, as far as it is on record."""
        return plain(self.start.get("problem_statement")) or self.opening

    def answers_told(self) -> dict[int, dict[str, Data]]:
        """By a reply's place in ``messages``: what the model was told of its calls, by their
        ids. An answer belongs to the last reply before it that has such a call."""
        found: dict[int, dict[str, Data]] = {}
        for entry in self.entries:
            if isinstance(entry, Reply):
                found[entry.index] = {}
            elif isinstance(entry, Said):
                message = self.messages[entry.index]
                call_id = plain(message.get("tool_call_id"))
                for index in reversed(found):
                    if message.get("role") == "tool" and call_id in asked(self.messages[index]):
                        found[index][call_id] = message
                        break
        return found

    def limit(self, name: str) -> int | None:
        """A limit of the attempt's, in whole units; None for none."""
        limits = self.start.get("limits")
        found = number(limits.get(name)) if isinstance(limits, Mapping) else 0
        return round(found) or None


def asked(message: Data) -> dict[str, Data]:
    """The calls that a reply asks for, by their ids."""
    calls = [each for each in items(message.get("tool_calls")) if isinstance(each, Mapping)]
    return {plain(call.get("id")): call for call in calls}


def function_of(call: Data) -> Data:
    """The function's name and arguments in a call that was asked for."""
    function = call.get("function")
    return function if isinstance(function, Mapping) else {}


def read_conversation(path: Path) -> Conversation:
    """The record in a file, as far as it can be read."""
    reader = _Reader()
    try:
        reader.read(read_events(path))
    except (OSError, ValueError, RecursionError) as error:
        return reader.finished(f"it cannot be read further: {type(error).__name__}: {error}")
    return reader.finished("")


def conversation(events: Iterable[object]) -> Conversation:
    reader = _Reader()
    reader.read(events)
    return reader.finished("")


class _Reader:
    def __init__(self) -> None:
        self.found = Conversation()
        self._count = 0
        self._whole = False
        self._context: list[int] = []
        self._replies: set[int] = set()
        self._tools: Sequence[Data] = ()
        self._asked_at = 0.0
        self._pending: Call | None = None
        self._by_kind: dict[str, Callable[[Data, float], None]] = {
            "start": self._start,
            "request": self._request,
            "response": self._response,
            "call": self._call,
            "observation": self._observation,
            "error": self._error,
            "grade": self._grade,
            "end": self._end,
        }

    def read(self, events: Iterable[object]) -> None:
        for event in events:
            if isinstance(event, Mapping):
                self._event(event)

    def finished(self, problem: str) -> Conversation:
        if not problem and not self._whole:
            problem = "it ends before the attempt did"
        if problem:
            told = f"{self._count:,} event" + ("" if self._count == 1 else "s")
            self.found.note = f"The record is not whole: {problem}; this is made of {told}."
        return self.found

    def _event(self, event: Data) -> None:
        self._count += 1
        kind, data, at = str(event.get("kind")), event.get("data"), number(event.get("time"))
        self.found.began = self.found.began or at
        self.found.ended = at or self.found.ended
        read = self._by_kind.get(kind)
        if read is not None:
            read(data if isinstance(data, Mapping) else {}, at)
        else:
            self.found.entries.append(Remark(at, kind, plain(data)))

    # -- one method a kind ---------------------------------------------------------

    def _start(self, data: Data, at: float) -> None:
        self.found.start = data

    def _request(self, data: Data, at: float) -> None:
        described = [each for each in items(data.get("described")) if isinstance(each, Mapping)]
        self._tools = described if "described" in data else self._tools
        self._asked_at = at
        kept = int(number(data.get("messages_kept", len(self._context))))
        anew = kept == 0
        self._context = self._context[: max(kept, 0)]
        for message in items(data.get("messages_added")):
            if isinstance(message, Mapping):
                self._context.append(self._place(message, anew, at))

    def _place(self, message: Data, anew: bool, at: float) -> int:
        """Where the message is: a reply comes back with the next request, and so does all
        that an agent kept of a conversation that it wrote anew."""
        for index, known in reversed(list(enumerate(self.found.messages))):
            if (anew or index in self._replies) and known == message:
                return index
        self.found.entries.append(Said(at, len(self.found.messages)))
        self.found.messages.append(message)
        return len(self.found.messages) - 1

    def _response(self, data: Data, at: float) -> None:
        message = data.get("message")
        index = len(self.found.messages)
        self.found.messages.append(message if isinstance(message, Mapping) else {})
        self._replies.add(index)
        cost = data.get("cost_usd")
        reply = Reply(
            at=at,
            index=index,
            asked_at=self._asked_at or at,
            context=tuple(self._context),
            tools=self._tools,
            usage=_usage(data.get("usage")),
            cost_usd=number(cost) if isinstance(cost, int | float) else None,
            finish_reason=plain(data.get("finish_reason")),
        )
        self.found.entries.append(reply)

    def _call(self, data: Data, at: float) -> None:
        name, asked = plain(data.get("name")), plain(data.get("id"))
        call = Call(at, self._count, name, data.get("arguments"), asked)
        self._pending = call
        replies = self.found.replies
        if asked and replies:
            replies[-1].calls.append(call)
        else:
            self.found.entries.append(call)

    def _observation(self, data: Data, at: float) -> None:
        text, call = plain(data.get("text")), self._pending
        if call is None:
            self.found.opening = self.found.opening or text
            return
        changed = data.get("changed")
        call.observation, call.answered = text, at
        call.valid, call.done = data.get("valid") is not False, bool(data.get("done"))
        call.changed = changed if isinstance(changed, Mapping) else {}
        self._pending = None

    def _error(self, data: Data, at: float) -> None:
        text = f"{plain(data.get('kind')) or 'error'}: {plain(data.get('message'))}"
        self.found.entries.append(Remark(at, "error", text))

    def _grade(self, data: Data, at: float) -> None:
        self.found.grade = data

    def _end(self, data: Data, at: float) -> None:
        self._whole = True


def _usage(values: object) -> Usage:
    if not isinstance(values, Mapping):
        return Usage()
    prompt, completion, cached = (
        max(int(number(values.get(name))), 0) for name in ("prompt", "completion", "cached")
    )
    return Usage(prompt, completion, cached, known=values.get("known") is not False)
