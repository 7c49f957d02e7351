"""Model traffic on record: a file of JSON lines an attempt, a line an exchange.

    {"key": ..., "kept": 2, "messages": [...], "rest": {...}, "answer": {...}}

``key`` is the hash of the whole request, with its keys in order and without secrets. To keep
files small a line holds what the conversation gained: the first ``kept`` messages are those
of the line before, and so is ``rest`` (model, tools, options) where it is null. ``answer`` is
the completion as it came; ``failure`` stands in its place where there was none.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_smallbench.errors import CassetteMiss, ModelError, SmallbenchError, Unresolved
from pytest_smallbench.models.replies import Json, is_completion
from pytest_smallbench.models.responses import is_response

Request = dict[str, Any]
FAILURES: Mapping[str, type[SmallbenchError]] = {
    "Unresolved": Unresolved,
    "ModelError": ModelError,
}
_ADVICE = "record it again with --smallbench-record"


@dataclass(frozen=True)
class Exchange:
    """A request and what came back: an answer, or a failure as (kind, message)."""

    key: str
    request: Request
    answer: Json | None = None
    failure: tuple[str, str] | None = None


class Recording:
    """Writes one attempt's exchanges; the file is begun anew with the first."""

    def __init__(self, path: Path, secrets: Sequence[str] = ()) -> None:
        self.path = path
        self._secrets = secrets
        self._last: Request = {}
        self._lock = threading.Lock()  # an agent may ask from several threads

    def add(self, request: Request, **came: object) -> None:
        """``came`` is ``answer=`` or ``failure=``."""
        with self._lock:
            clean = without_secrets(request, self._secrets)
            line = {"key": key_of(clean), **_gained(self._last, clean), **came}
            text = json.dumps(without_secrets(line, self._secrets))
            with self.path.open("a" if self._last else "w", encoding="utf-8") as file:
                file.write(text + "\n")
            self._last = clean


class Tape:
    """Finds the answers to one attempt's requests, each exchange once."""

    def __init__(self, path: Path, attempt: str, secrets: Sequence[str] = ()) -> None:
        self.path = path
        self._attempt = attempt
        self._secrets = secrets
        self._exchanges: list[Exchange] | None = None
        self._used: set[int] = set()
        self._lock = threading.Lock()

    def find(self, request: Request) -> Exchange:
        """Raises CassetteMiss for a request that was not recorded: what is other about it."""
        with self._lock:
            if self._exchanges is None:
                self._exchanges = self._read()
            clean = without_secrets(request, self._secrets)
            key = key_of(clean)
            for number, exchange in enumerate(self._exchanges):
                if exchange.key == key and number not in self._used:
                    self._used.add(number)
                    return exchange
            raise self._miss(clean, key, self._exchanges)

    def _read(self) -> list[Exchange]:
        if not self.path.is_file():
            raise CassetteMiss(
                f"replay: no recording of {self._attempt} in {self.path.parent}; {_ADVICE}"
            )
        found: list[Exchange] = []
        lines = self.path.read_bytes().decode("utf-8", "replace").splitlines()
        for number, line in enumerate(lines, 1):
            exchange = _exchange(line, found[-1].request if found else {})
            if exchange is None:
                raise CassetteMiss(
                    f"replay: {self.path}:{number} is no recorded exchange; {_ADVICE}"
                )
            found.append(exchange)
        return found

    def _miss(self, request: Request, key: str, exchanges: Sequence[Exchange]) -> CassetteMiss:
        turn = len(self._used)
        times = sum(exchange.key == key for exchange in exchanges)
        if times:
            why = f"it is recorded {times} times, and asked once more"
        elif turn >= len(exchanges):
            why = f"the recording ends after {turn}"
        else:
            why = first_difference(exchanges[turn].request, request)
        return CassetteMiss(
            f"replay: request {turn + 1} of {self._attempt} is not recorded: {why}; {_ADVICE}"
        )


def key_of(request: Request) -> str:
    text = json.dumps(request, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def without_secrets(value: Any, secrets: Sequence[str]) -> Any:
    """The same JSON value with these texts masked wherever they occur."""
    text = json.dumps(value, default=str)
    for secret in secrets:
        text = text.replace(json.dumps(secret)[1:-1], "***")
    return json.loads(text)


def first_difference(recorded: Request, now: Request) -> str:
    """In a few words the first thing in which two requests differ."""
    for name in dict.fromkeys([*recorded, *now]):
        if name != "messages" and recorded.get(name) != now.get(name):
            return f"{name} differs: {_apart(recorded.get(name), now.get(name))}"
    before, after = recorded.get("messages", []), now.get("messages", [])
    for number, (old, new) in enumerate(zip(before, after, strict=False), 1):
        if old != new:
            role = str(new.get("role") if isinstance(new, dict) else "")
            return f"message {number} ({role}) differs: {_apart(_text(old), _text(new))}"
    return f"{len(before)} messages are recorded, {len(after)} came"


def _apart(old: object, new: object) -> str:
    """Both from a little before the place where they part, in quotation marks."""
    texts = [each if isinstance(each, str) else json.dumps(each) for each in (old, new)]
    at = next((n for n, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), None)
    at = min(map(len, texts)) if at is None else at
    shown = [_around(text, at) for text in texts]
    return f"{shown[0]} recorded, {shown[1]} now"


def _around(text: str, at: int, before: int = 20, after: int = 40) -> str:
    start = max(at - before, 0)
    dots = "..." if start else ""
    rest = "..." if len(text) > at + after else ""
    return repr(f"{dots}{text[start : at + after]}{rest}")


def _text(message: object) -> object:
    """A message's content where that is what differs; else all of it."""
    if isinstance(message, dict) and set(message) <= {"role", "content", "tool_call_id"}:
        return message.get("content")
    return message


def _gained(last: Request, request: Request) -> dict[str, object]:
    known, messages = last.get("messages", []), request["messages"]
    kept = 0
    while kept < min(len(known), len(messages)) and known[kept] == messages[kept]:
        kept += 1
    rest = _rest(request)
    return {
        "kept": kept,
        "messages": messages[kept:],
        "rest": rest if rest != _rest(last) else None,
    }


def _rest(request: Request) -> Request:
    return {name: value for name, value in request.items() if name != "messages"}


def _exchange(line: str, last: Request) -> Exchange | None:
    """The exchange on a line, or None where there is none."""
    try:
        values = json.loads(line)
        rest = _rest(last) if values["rest"] is None else dict(values["rest"])
        messages = [*last.get("messages", [])[: values["kept"]], *values["messages"]]
        request = {**rest, "messages": messages}
        answer, failure = values.get("answer"), values.get("failure")
        if is_completion(answer) or is_response(answer):
            return Exchange(str(values["key"]), request, answer)
        kind, message = failure
        if kind in FAILURES:
            return Exchange(str(values["key"]), request, None, (kind, str(message)))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    return None
