"""What the scripted server was asked and what it served, by a count of its own."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pytest_smallbench.contracts import Message
from pytest_smallbench.testing.scripted_responses import (
    chat_messages,
    chat_tools,
    wants_reasoning,
)

Price: TypeAlias = tuple[float, float, float]
"""US dollars per million tokens: input, cached input, output."""
_BYTES_A_TOKEN = 4


@dataclass(frozen=True)
class Counts:
    """``requests`` are all, ``answered`` those that got an answer with tokens.

    ``prefix_violations``: answered requests of a later turn that did not start, byte for
    byte, with what was sent on the turn before, so that no endpoint could have cached it.
    """

    requests: int = 0
    answered: int = 0
    conversations: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    prefix_violations: int = 0
    faults: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A parsed request. ``prompt`` is the bytes of tools and messages as they were sent, open
    at the end: a conversation that only grows keeps it as a prefix. ``conversation`` names
    what was said before the first answer; ``turn`` counts the answers so far. What came in the
    Responses protocol is in chat form here, and ``responses`` is set; ``reasoning``: encrypted
    reasoning was asked for."""

    model: str
    messages: list[Message]
    tools: list[Message]
    prompt: bytes
    conversation: str
    turn: int
    stream: bool
    responses: bool = False
    reasoning: bool = False

    @staticmethod
    def parse(body: bytes, *, responses: bool = False) -> Request | None:
        """The request in a body, or None where it is none of this protocol's."""
        try:
            values, texts = _object(body.decode("utf-8"))
        except (ValueError, IndexError, RecursionError):
            return None
        talk = "input" if responses else "messages"
        messages, tools = values.get(talk), values.get("tools") or []
        if responses and isinstance(tools, list):
            messages, tools = chat_messages(messages), chat_tools(tools)
        if not isinstance(messages, list) or not isinstance(tools, list):
            return None
        if not messages or not all(isinstance(item, dict) for item in messages + tools):
            return None
        answers = [n for n, message in enumerate(messages) if message.get("role") == "assistant"]
        opening = json.dumps([messages[: answers[0]] if answers else messages, tools])
        return Request(
            model=str(values.get("model")),
            messages=messages,
            tools=tools,
            prompt=(texts.get("tools", "") + "\n" + texts[talk][:-1].rstrip()).encode(),
            conversation=hashlib.sha256(opening.encode()).hexdigest(),
            turn=len(answers),
            stream=bool(values.get("stream")),
            responses=responses,
            reasoning=wants_reasoning(values),
        )


def _object(text: str) -> tuple[dict[str, object], dict[str, str]]:
    """A JSON object's values, and the very text that each was written as."""
    decode, values, texts = json.JSONDecoder().raw_decode, {}, {}
    at = _skip(text, 0, "{")
    while text[at] != "}":
        key, at = decode(text, _skip(text, at, ","))
        start = _skip(text, at, ":")
        values[key], at = decode(text, start)
        texts[key] = text[start:at]
        at = _skip(text, at, "")
    return values, texts


def _skip(text: str, at: int, mark: str) -> int:
    while text[at] in " \t\r\n" or text[at] == mark:
        at += 1
    return at


class Ledger:
    """Counts under one lock, as many workers are served at once."""

    def __init__(self, price: Price) -> None:
        self._price = price
        self._lock = threading.Lock()
        self._tries: Counter[tuple[str, int]] = Counter()
        self._faults: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()
        # By conversation and turn: length and hash of each prompt that was answered.
        self._prompts: defaultdict[tuple[str, int], set[tuple[int, bytes]]] = defaultdict(set)

    def begin(self, request: Request) -> int:
        """Count a request and return how many of this conversation's turn came before it."""
        with self._lock:
            number = self._tries[request.conversation, request.turn]
            self._tries[request.conversation, request.turn] += 1
            return number

    def fault(self, kind: str) -> None:
        with self._lock:
            self._faults[kind] += 1

    def answered(self, request: Request, message: Message) -> dict[str, object]:
        """Count an answer's tokens and return them in the protocol's form."""
        with self._lock:
            before = self._prompts.get((request.conversation, request.turn - 1), set())
            shared = max((n for n, digest in before if _starts(request, n, digest)), default=0)
            mark = (len(request.prompt), _digest(request.prompt))
            self._prompts[request.conversation, request.turn].add(mark)
            prompt, cached = len(request.prompt) // _BYTES_A_TOKEN, shared // _BYTES_A_TOKEN
            completion = max(1, len(json.dumps(message)) // _BYTES_A_TOKEN)
            self._sums.update(prompt=prompt, cached=cached, completion=completion, answered=1)
            self._sums["violations"] += request.turn > 0 and not shared
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": cached},
        }

    def counts(self) -> Counts:
        with self._lock:
            sums = self._sums
            fresh = sums["prompt"] - sums["cached"]
            amounts = (fresh, sums["cached"], sums["completion"])
            dollars = sum(n * price for n, price in zip(amounts, self._price, strict=True))
            return Counts(
                requests=sum(self._tries.values()),
                answered=sums["answered"],
                conversations=len({conversation for conversation, _ in self._tries}),
                prompt_tokens=sums["prompt"],
                cached_tokens=sums["cached"],
                completion_tokens=sums["completion"],
                cost_usd=dollars / 1_000_000,
                prefix_violations=sums["violations"],
                faults=dict(self._faults),
            )


def _starts(request: Request, length: int, digest: bytes) -> bool:
    follows = request.prompt[length : length + 1] == b","
    return follows and _digest(request.prompt[:length]) == digest


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
