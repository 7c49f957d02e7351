"""A trajectory's events as the steps that a reader follows: what was said, done and changed.

A step is a model's reply with the calls that came of it; where no model of ours was asked,
each call begins one. Texts are cleaned, and cut where they are long.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import TypedDict

from pytest_smallbench.reports.events import (
    Data,
    bill,
    called,
    content,
    items,
    number,
    plain,
    words,
)
from pytest_smallbench.reports.formatting import clip, duration
from pytest_smallbench.reports.untrusted import clean, one_line

TEXT_LENGTH = 20_000  # characters of one text
HEAD_LENGTH = 300
DIFF_LINES = 2_000  # difflib's time grows with the square of it


class Entry(TypedDict):
    """``kind`` is message, reply, call, observation, change, error or verdict; ``form`` says
    how the text is shown: text, code or diff."""

    kind: str
    title: str
    text: str
    form: str


class Step(TypedDict):
    """``at`` is the time since the attempt began, ``bill`` what the model's reply used."""

    title: str
    at: str
    bill: str
    entries: list[Entry]


def steps(events: Iterable[object]) -> list[Step]:
    """Never raises for what an event holds; an unknown kind is shown as it is."""
    reader = _Reader()
    for event in events:
        if isinstance(event, Mapping):
            reader.event(event)
    return reader.steps


class _Reader:
    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._began: float | None = None
        self._at = ""
        self._count = 0
        self._replied = False
        self._shown: set[str] = set()
        self._work: dict[str, str] = {}
        self._by_kind: dict[str, Callable[[Data], None]] = {
            "start": self._start,
            "request": self._request,
            "response": self._response,
            "call": self._call,
            "observation": self._observation,
            "error": self._error,
            "grade": self._grade,
            "end": self._end,
        }

    def event(self, event: Data) -> None:
        kind, data = str(event.get("kind")), event.get("data")
        self._clock(number(event.get("time")))
        read = self._by_kind.get(kind)
        if read is None:
            self._add("message", kind, plain(data))
        else:
            read(data if isinstance(data, Mapping) else {})

    def _clock(self, moment: float) -> None:
        if moment and self._began is None:
            self._began = moment
        self._at = duration(moment - self._began) if moment and self._began else ""

    # -- one method a kind ---------------------------------------------------------

    def _start(self, data: Data) -> None:
        limits = data.get("limits")
        told = words(limits) if isinstance(limits, Mapping) else ""
        self._open("Start", told)

    def _request(self, data: Data) -> None:
        """What the conversation gained; observations and replies were shown already."""
        self._replied = False
        for message in items(data.get("messages_added")):
            if isinstance(message, Mapping) and (text := content(message)) not in self._shown:
                self._add("message", str(message.get("role", "?")), text)

    def _response(self, data: Data) -> None:
        self._next_step(bill(data).strip(" ()"))
        self._replied = True
        message = data.get("message")
        message = message if isinstance(message, Mapping) else {}
        if text := content(message):
            self._add("reply", "assistant", text)
        if names := [called(call) for call in items(message.get("tool_calls"))]:
            self._add("reply", f"calls {', '.join(names)}", "")

    def _call(self, data: Data) -> None:
        if not self._replied:
            self._next_step("")
        arguments = data.get("arguments")
        values = arguments if isinstance(arguments, Mapping) else {"": arguments}
        text = "\n".join(_argument(str(name), plain(value)) for name, value in values.items())
        self._add("call", f"call {data.get('name', '?')}", text, "code")

    def _observation(self, data: Data) -> None:
        remarks = ["not valid"] if data.get("valid") is False else []
        remarks += ["done"] if data.get("done") else []
        title = "observation" + (f" ({', '.join(remarks)})" if remarks else "")
        self._add("observation", title, plain(data.get("text")) or "(nothing)", "code")
        changed = data.get("changed")
        for name, text in changed.items() if isinstance(changed, Mapping) else ():
            self._change(str(name), None if text is None else plain(text))

    def _change(self, name: str, text: str | None) -> None:
        before = self._work.pop(name, None)
        if text is not None:
            self._work[name] = text
        verb = "removed" if text is None else "written" if before is None else "changed"
        self._add("change", f"{name} {verb}", _difference(before or "", text or ""), "diff")

    def _error(self, data: Data) -> None:
        self._add("error", f"error: {data.get('kind', '?')}", plain(data.get("message")))

    def _grade(self, data: Data) -> None:
        self._open("Verdict", "")
        verdict = "resolved" if data.get("resolved") else "unresolved"
        score = data.get("score")
        told = f", score {number(score):g}" if isinstance(score, int | float) else ""
        flags = [str(flag) for flag in items(data.get("flags"))]
        text = "\n".join([plain(data.get("explanation")), *flags])
        self._add("verdict", f"grade: {verdict}{told}", text.strip())

    def _end(self, data: Data) -> None:
        self._add("verdict", f"end: {data.get('outcome', '?')}", plain(data.get("reason")))

    # -- steps and entries -----------------------------------------------------------

    def _next_step(self, cost: str) -> None:
        self._count += 1
        self._open(f"Step {self._count}", cost)

    def _open(self, title: str, cost: str) -> None:
        self.steps.append({"title": title, "at": self._at, "bill": cost, "entries": []})

    def _add(self, kind: str, title: str, text: str, form: str = "text") -> None:
        if not self.steps:
            self._open("Start", "")
        self._shown.add(text)
        entry: Entry = {
            "kind": kind,
            "title": clip(one_line(title), HEAD_LENGTH),
            "text": _cut(clean(text).strip("\n")),
            "form": form,
        }
        self.steps[-1]["entries"].append(entry)


def _argument(name: str, text: str) -> str:
    if not name:
        return text
    return f"{name}:\n{text}" if "\n" in text else f"{name}: {text}"


def _difference(before: str, after: str) -> str:
    """A unified diff without its file names; of very long texts only the new one."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > DIFF_LINES:
        return after
    return "\n".join(list(difflib.unified_diff(old, new, lineterm="", n=3))[2:])


def _cut(text: str) -> str:
    rest = len(text) - TEXT_LENGTH
    return text if rest <= 0 else f"{text[:TEXT_LENGTH]}\n... {rest:,} more characters"
