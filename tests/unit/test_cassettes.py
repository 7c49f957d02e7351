from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_smallbench.contracts import Tool
from pytest_smallbench.errors import CassetteMiss, ModelError, Unresolved, UsageMistake
from pytest_smallbench.models.cassettes import Recording, Tape
from pytest_smallbench.models.openai_chat import OpenAIChat
from pytest_smallbench.models.replay import RecordingChat, ReplayedChat, check_folders
from pytest_smallbench.testing.script import Failure, Turn
from pytest_smallbench.testing.scripted_server import ScriptedServer

NAME = "toy::Toy/1"


def said(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def request(*texts: str, **more: Any) -> dict[str, Any]:
    return {"model": "m", **more, "messages": [said(text) for text in texts]}


def answer(text: str) -> dict[str, Any]:
    return {"choices": [{"message": {"role": "assistant", "content": text}}]}


def tape(path: Path) -> Tape:
    return Tape(path, NAME)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A recording of three requests, the last of them asked twice."""
    recording = Recording(tmp_path / "a.jsonl")
    recording.add(request("first", tools=[{"name": "add"}]), answer=answer("1"))
    recording.add(request("first", "second"), answer=answer("2"))
    recording.add(request("first", "second"), answer=answer("3"))
    return recording.path


def test_answers_come_by_request_and_occurrence(path: Path) -> None:
    it = tape(path)
    asked = [request("first", "second"), request("first", tools=[{"name": "add"}])]
    found = [it.find(each).answer for each in [*asked, asked[0]]]
    assert found == [answer("2"), answer("1"), answer("3")]


def test_the_order_of_keys_is_no_difference(path: Path) -> None:
    asked = {"messages": [{"content": "first", "role": "user"}], "tools": [{"name": "add"}]}
    assert tape(path).find({**asked, "model": "m"}).answer == answer("1")


def test_a_line_holds_what_the_conversation_gained(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["kept"] for line in lines] == [0, 1, 2]
    assert [len(line["messages"]) for line in lines] == [1, 1, 0]
    assert lines[2]["rest"] is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (request("first", model="n"), "model differs: 'm' recorded, 'n' now"),
        (request("first"), "tools differs: "),
        (
            request("first!\nand more", tools=[{"name": "add"}]),
            "message 1 (user) differs: 'first' recorded, 'first!\\nand more' now",
        ),
        (request("first", "x", tools=[{"name": "add"}]), "1 messages are recorded, 2 came"),
    ],
)
def test_a_miss_says_what_changed_in_one_line(path: Path, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(CassetteMiss) as raised:
        tape(path).find(asked)
    line = str(raised.value)
    assert line.startswith(f"replay: request 1 of {NAME} is not recorded: {said}")
    assert line.endswith("; record it again with --smallbench-record")
    assert "\n" not in line


def test_a_long_message_is_shown_around_the_difference(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.jsonl")
    recording.add(request("a" * 500 + "b" + "c" * 500), answer=answer("1"))
    with pytest.raises(CassetteMiss, match=r"'\.\.\.a{20}bc{39}\.\.\.' recorded") as raised:
        tape(recording.path).find(request("a" * 500 + "B" + "c" * 500))
    assert len(str(raised.value)) < 400


def test_asking_once_more_than_recorded_is_a_miss(path: Path) -> None:
    it = tape(path)
    for _ in range(2):
        it.find(request("first", "second"))
    with pytest.raises(CassetteMiss, match="recorded 2 times, and asked once more"):
        it.find(request("first", "second"))


def test_an_attempt_that_was_never_recorded(tmp_path: Path) -> None:
    with pytest.raises(CassetteMiss, match=r"no recording of toy::Toy/1 in .*; record it again"):
        tape(tmp_path / "none.jsonl").find(request("a"))


@pytest.mark.parametrize(
    "line", ["", "7", "{", '{"key": "a"}', '{"key": 1, "kept": 0, "messages": 5, "rest": {}}']
)
def test_a_broken_line_is_named(path: Path, line: str) -> None:
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], line, lines[2]]) + "\n")
    with pytest.raises(CassetteMiss, match=r"a\.jsonl:2 is no recorded exchange"):
        tape(path).find(request("first"))


def test_secrets_are_not_written_and_do_not_matter(tmp_path: Path) -> None:
    secret = 'sec"ret-12345'
    recording = Recording(tmp_path / "a.jsonl", [secret])
    recording.add(request(f"my key is {secret}"), answer=answer(f"{secret}!"))
    assert "ret-12345" not in recording.path.read_text()
    found = Tape(recording.path, NAME, [secret]).find(request(f"my key is {secret}"))
    assert found.answer == answer("***!")


def test_what_an_endpoint_did_is_done_again(tmp_path: Path) -> None:
    """An answer, a conversation that grew too long, an outage: over the real client."""
    script = {
        "well": [Turn("fine")],
        "long": [Failure(400, "maximum context length", "context_length_exceeded")],
        "down": [Failure(503, "gone")],
    }
    path = tmp_path / "a.jsonl"
    with ScriptedServer(script) as server:
        chat = OpenAIChat("gpt-4o-mini", base_url=server.base_url, max_retries=0)
        first = outcomes(RecordingChat(chat, Recording(path)))
        chat.close()
    again = outcomes(ReplayedChat(OpenAIChat("gpt-4o-mini"), tape(path)))
    assert first == again
    assert [kind for kind, *_ in again] == ["fine", Unresolved, ModelError]
    assert again[0][1].prompt > 0


def outcomes(model: RecordingChat | ReplayedChat) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for text in ("well", "long", "down"):
        try:
            reply = model.complete([said(text)], [Tool("add", "Adds.")])
            found.append((reply.text, reply.usage, reply.cost_usd))
        except (Unresolved, ModelError) as error:
            found.append((type(error), str(error)))
    return found


def test_folders_are_checked_before_a_task_runs(tmp_path: Path, path: Path) -> None:
    check_folders(tmp_path / "new" / "one", None)
    assert (tmp_path / "new" / "one").is_dir()
    check_folders(None, path.parent)
    for record, replay, said in (
        (tmp_path, tmp_path, "drop one of the two"),
        (None, tmp_path / "new", "holds no recording"),
        (path / "x", None, "cannot make"),
    ):
        with pytest.raises(UsageMistake, match=said):
            check_folders(record, replay)
