"""A trajectory as readable text: who said what, which tools were called, what came back.

For ``-vv`` (the whole) and for the failure section (the tail). The text comes from models
and from graded code: nothing of it reaches the terminal uncleaned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

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
from pytest_smallbench.reports.formatting import clip, duration, plural
from pytest_smallbench.reports.untrusted import clean, one_line

TEXT_LENGTH = 2000  # characters of a message, an argument or an observation that are shown
HEAD_LENGTH = 500  # of a line that says what happened
INDENT = "    "


def transcript(
    events: Iterable[Data], *, length: int = TEXT_LENGTH, last: int | None = None
) -> str:
    """The events (``{seq, time, kind, data}``) as text that a terminal may be given.

    Texts longer than ``length`` are cut, which the cut says. ``last`` shows only so many
    events of the end. Missing keys and unknown kinds are no errors.
    """
    known = [event for event in events if isinstance(event, Mapping)]
    skipped = max(len(known) - last, 0) if last is not None else 0
    writer = _Writer(length, number(known[0].get("time")) if known else 0.0)
    if skipped:
        writer.lines.append(f"({plural(skipped, 'earlier event')} left out)")
    for event in known[skipped:]:
        writer.event(event)
    return "\n".join(writer.lines)


class _Writer:
    """Writes event after event; remembers texts, for a request repeats what was shown."""

    def __init__(self, length: int, began: float) -> None:
        self.lines: list[str] = []
        self._length = length
        self._began = began
        self._shown: set[str] = set()
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
        self._at = ""

    def event(self, event: Data) -> None:
        kind, data = event.get("kind"), event.get("data")
        moment = event.get("time")
        known = isinstance(moment, int | float)
        self._at = f"[{duration(number(moment) - self._began)}] " if known else ""
        write = self._by_kind.get(str(kind))
        if write is not None:
            write(data if isinstance(data, Mapping) else {})
        else:
            self._head(one_line(str(kind)))
            self._text(plain(data))

    # -- one method a kind ---------------------------------------------------------

    def _start(self, data: Data) -> None:
        limits = data.get("limits")
        told = words(limits) if isinstance(limits, Mapping) else ""
        agent = f", agent {data['agent']}" if data.get("agent") else ""
        self._head(f"start: {data.get('task', '?')}{agent}" + (f" ({told})" if told else ""))

    def _request(self, data: Data) -> None:
        """What the conversation gained; observations and replies were shown already."""
        for message in items(data.get("messages_added")):
            if not isinstance(message, Mapping):
                continue
            text = content(message)
            role = str(message.get("role", "?"))
            known = text in self._shown
            if known and role == "user":
                self._head("user: as above")
            elif text and not known:
                self._head(role)
                self._text(text)

    def _response(self, data: Data) -> None:
        message = data.get("message")
        message = message if isinstance(message, Mapping) else {}
        self._head("assistant" + bill(data))
        self._text(content(message))
        names = [called(call) for call in items(message.get("tool_calls"))]
        if names:
            self.lines.append(f"{INDENT}calls {one_line(', '.join(names))}")

    def _call(self, data: Data) -> None:
        remark = " (not valid)" if data.get("valid") is False else ""
        self._head(f"call {data.get('name', '?')}{remark}")
        arguments = data.get("arguments")
        if not isinstance(arguments, Mapping):
            self._text(plain(arguments))
            return
        for name, value in arguments.items():
            text = plain(value)
            if "\n" in text:
                self.lines.append(f"{INDENT}{one_line(str(name))}:")
                self._text(text, INDENT * 2)
            else:
                self._text(f"{name}: {text}")

    def _observation(self, data: Data) -> None:
        remarks = ["not valid"] if data.get("valid") is False else []
        remarks += ["done"] if data.get("done") else []
        self._head("observation" + (f" ({', '.join(remarks)})" if remarks else ""))
        self._text(plain(data.get("text")) or "(nothing)")

    def _error(self, data: Data) -> None:
        self._head(f"error: {data.get('kind', '?')}: {data.get('message', '')}")

    def _grade(self, data: Data) -> None:
        verdict = "resolved" if data.get("resolved") else "unresolved"
        score = data.get("score")
        told = f", score {score:g}" if isinstance(score, int | float) else ""
        why = f": {data['explanation']}" if data.get("explanation") else ""
        flags = ", ".join(str(flag) for flag in items(data.get("flags")))
        self._head(f"grade: {verdict}{told}{why}" + (f" [{flags}]" if flags else ""))

    def _end(self, data: Data) -> None:
        why = f": {data['reason']}" if data.get("reason") else ""
        self._head(f"end: {data.get('outcome', '?')}{why}")

    # -- lines ----------------------------------------------------------------------

    def _head(self, text: str) -> None:
        self.lines.append(self._at + clip(one_line(text), HEAD_LENGTH))

    def _text(self, text: str, indent: str = INDENT) -> None:
        if not text:
            return
        self._shown.add(text)
        shown = clean(text).strip("\n")
        rest = len(shown) - self._length
        if rest > 0:
            shown = f"{shown[: self._length]}\n... {rest:,} more characters"
        self.lines += [(indent + line).rstrip() for line in shown.split("\n")]
