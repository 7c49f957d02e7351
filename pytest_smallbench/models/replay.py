"""Models that record their traffic, or answer from a record: all above them is the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_smallbench.contracts import Message, Reply, Tool
from pytest_smallbench.errors import ModelError, ModelMisconfigured, Unresolved, UsageMistake
from pytest_smallbench.models.cassettes import FAILURES, Recording, Tape
from pytest_smallbench.models.openai_chat import OpenAIChat


class RecordingChat:
    """Asks the endpoint, and puts request and answer on record. A set-up that no retry can
    mend is not worth recording; other failures are, for they are part of what happened."""

    def __init__(self, chat: OpenAIChat, recording: Recording) -> None:
        self._chat = chat
        self._recording = recording

    @property
    def name(self) -> str:
        return self._chat.name

    def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), **options: object
    ) -> Reply:
        request = self._chat.request(messages, tools, options)
        try:
            answer = self._chat.send(request)
        except ModelMisconfigured:
            raise
        except (Unresolved, ModelError) as failure:
            kind = "Unresolved" if isinstance(failure, Unresolved) else "ModelError"
            self._recording.add(request, failure=(kind, str(failure)))
            raise
        self._recording.add(request, answer=answer)
        return self._chat.reply(answer, turn=len(messages))


class ReplayedChat:
    """Answers from a record. No request leaves the machine; tokens and cost are those that
    the recorded answers had."""

    def __init__(self, chat: OpenAIChat, tape: Tape) -> None:
        self._chat = chat
        self._tape = tape

    @property
    def name(self) -> str:
        return self._chat.name

    def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), **options: object
    ) -> Reply:
        exchange = self._tape.find(self._chat.request(messages, tools, options))
        if exchange.answer is None:
            kind, message = exchange.failure or ("ModelError", "")
            raise FAILURES[kind](message)
        return self._chat.reply(exchange.answer, turn=len(messages))


def check_folders(record: Path | None, replay: Path | None) -> None:
    """Makes the folder to record into. Raises UsageMistake."""
    if record is not None and replay is not None:
        raise UsageMistake("--smallbench-record and --smallbench-replay: drop one of the two")
    if replay is not None and not any(replay.glob("*.jsonl")):
        raise UsageMistake(
            f"--smallbench-replay: {replay} holds no recording; make one with "
            f"--smallbench-record={replay}"
        )
    if record is not None:
        try:
            record.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageMistake(
                f"--smallbench-record: cannot make {record}: {error.strerror}; name another folder"
            ) from None
