"""The judge that asks a chat model, in the four kinds of calls of AgentBench's protocol.

Each call is a conversation of its own at the model's temperature of 0, and its reply is kept in
the cache by what was asked: the same game played again gets the same answers. Whatever goes
wrong with the model is an infrastructure error, never the agent's failure.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import cast

from pytest_smallbench.contracts import Model
from pytest_smallbench.errors import GradingError, Unresolved

from . import llm_prompts as prompts
from .judges import Answer, Ruling
from .puzzle import Puzzle

_WORDS = {"yes": "yes", "no": "no", "irrelevant": "irrelevant"}
_CHINESE = {"不是": "no", "无关": "irrelevant", "否": "no", "是": "yes"}
_VERDICT = re.compile("|".join(rf"\b{word}\b" for word in _WORDS) + "|" + "|".join(_CHINESE), re.I)


class LLMJudge:
    """``open_model`` is called when the first question comes that the cache cannot answer."""

    def __init__(self, puzzle: Puzzle, open_model: Callable[[], Model], cache: Path) -> None:
        self._puzzle = puzzle
        self._open_model = open_model
        self._cache = cache
        self._model: Model | None = None
        self._known: list[str] = []
        self._reasoning: list[str] = []

    @property
    def name(self) -> str:
        return f"llm {self._opened().name}"

    def ask(self, question: str, open_keys: Collection[int]) -> Ruling:
        answer = self._verdict(
            prompts.answer(self._puzzle, self._known, question), ("yes", "no", "irrelevant")
        )
        if answer == "irrelevant":
            return Ruling("irrelevant")
        fact = self._reply(prompts.restate(question, answer))
        self._known.append(fact)
        self._reasoning.append(fact)
        key = self._brought_out(self._merged(), open_keys)
        if key is not None:
            self._reasoning.clear()
        return Ruling(answer, key)

    def solve(self, explanation: str, open_keys: Collection[int]) -> list[int]:
        return [key for key in sorted(open_keys) if self._contains(explanation, key)]

    def snapshot(self) -> str:
        return json.dumps([self._known, self._reasoning])

    def restore(self, snapshot: str) -> None:
        self._known, self._reasoning = json.loads(snapshot)

    def close(self) -> None:
        close = getattr(self._model, "close", None)
        if close is not None:
            close()

    def _merged(self) -> str:
        if len(self._reasoning) == 1:
            return self._reasoning[0]
        return self._reply(prompts.merge(self._reasoning))

    def _brought_out(self, said: str, open_keys: Collection[int]) -> int | None:
        return next((key for key in sorted(open_keys) if self._contains(said, key)), None)

    def _contains(self, said: str, key: int) -> bool:
        return self._verdict(prompts.contains(said, self._puzzle.keys[key]), ("yes", "no")) == "yes"

    def _verdict(self, prompt: str, allowed: Collection[str]) -> Answer:
        """The first of the allowed words in the reply. Raises GradingError without one."""
        reply = self._reply(prompt)
        for match in _VERDICT.finditer(reply):
            word = (_WORDS | _CHINESE)[match[0].lower()]
            if word in allowed:
                return cast(Answer, word)
        raise GradingError(
            f"{self.name}: the judge was asked for {', '.join(allowed)} and said {reply[:60]!r}; "
            "try another judge model, or --smallbench-set=judge=keys"
        )

    # -- the model and its cache ------------------------------------------------------------

    def _reply(self, prompt: str) -> str:
        key = hashlib.sha256(json.dumps([self._opened().name, prompt]).encode()).hexdigest()
        path = self._cache / f"{key}.json"
        known = _load(path)
        if known is not None:
            return known
        reply = self._asked(prompt)
        _store(path, {"prompt": prompt, "reply": reply})
        return reply

    def _asked(self, prompt: str) -> str:
        messages = [
            {"role": "system", "content": prompts.SYSTEM},
            {"role": "user", "content": prompt},
        ]
        try:
            text = self._opened().complete(messages).text.strip()
        except Unresolved as error:  # of the judge's, not of the agent's
            raise GradingError(f"{self.name}: the judge gave no answer: {error}") from error
        if not text:
            raise GradingError(f"{self.name}: the judge gave an empty answer")
        return text

    def _opened(self) -> Model:
        if self._model is None:
            self._model = self._open_model()
        return self._model


def _load(path: Path) -> str | None:
    try:
        return str(json.loads(path.read_text("utf-8"))["reply"])
    except (OSError, ValueError, KeyError, TypeError):  # absent, or cut off: asked anew
        return None


def _store(path: Path, entry: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}.new")
    scratch.write_text(json.dumps(entry), "utf-8")
    scratch.replace(path)
