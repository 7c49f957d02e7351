"""A trajectory's events as a conversation: what was said, asked, made and answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from export_samples import FIRST, START, SYSTEM, USER, WHOLE, answer, events, response

from pytest_smallbench.exports.conversation import (
    Call,
    Remark,
    Reply,
    Said,
    conversation,
    read_conversation,
)


def test_replies_have_the_calls_that_they_asked_for_and_the_context_that_they_answer():
    found = conversation(WHOLE)
    first, last = found.replies
    assert [type(each) for each in found.entries] == [Said, Said, Reply, Said, Reply]
    assert (first.context, last.context) == ((0, 1), (0, 1, 2, 3))
    assert [(call.name, call.observation) for call in first.calls] == [("add", "total 3")]
    assert found.answers_told() == {2: {"a": answer("a", "total 3")}, 4: {}}
    assert found.note == ""


def test_a_call_that_no_model_asked_for_stands_alone():
    call = ("call", {"name": "add", "arguments": {"n": 1}, "id": ""})
    found = conversation(events(START, call, ("observation", {"text": "total 1"})))
    (made,) = found.entries
    assert isinstance(made, Call)
    assert (made.id, made.observation) == ("call-2", "total 1")


def test_a_conversation_written_anew_keeps_what_it_kept():
    short = {"role": "user", "content": "Short: reach 3."}
    found = conversation(
        events(
            ("request", {"messages_kept": 0, "messages_added": [SYSTEM, USER]}),
            response(FIRST),
            ("request", {"messages_kept": 0, "messages_added": [SYSTEM, short]}),
            response({"role": "assistant", "content": "Yes."}),
        )
    )
    assert found.messages[3] == short
    assert [each.context for each in found.replies] == [(0, 1), (0, 3)]


def test_the_same_message_said_twice_is_two_messages():
    again = ("request", {"messages_kept": 2, "messages_added": [FIRST, USER]})
    found = conversation(
        events(
            ("request", {"messages_kept": 0, "messages_added": [SYSTEM, USER]}),
            response(FIRST),
            again,
        )
    )
    assert found.messages == [SYSTEM, USER, FIRST, USER]


def test_errors_and_unknown_kinds_are_remarks():
    found = conversation(
        events(("error", {"kind": "ModelError", "message": "no"}), ("later", {"a": 1}))
    )
    assert found.entries == [
        Remark(1000.0, "error", "ModelError: no"),
        Remark(1001.0, "later", '{"a": 1}'),
    ]


@pytest.mark.parametrize("kept", [*range(1, len(WHOLE))])
def test_a_record_that_was_cut_off_is_told_as_far_as_it_goes(tmp_path: Path, kept: int):
    path = tmp_path / "x.jsonl"
    lines = [json.dumps(each) for each in WHOLE[:kept]]
    path.write_text("\n".join(lines) + '\n{"seq": ')
    found = read_conversation(path)
    assert found.note.startswith("The record is not whole: it ends before the attempt did; ")
    assert f" {kept} event" in found.note
    assert found.statement == "Reach three."


@pytest.mark.parametrize("rest", [b"\xff\xfe", b'{"n": ' + b"9" * 5000 + b"}", b"[" * 100_000])
def test_what_cannot_be_read_ends_the_record(tmp_path: Path, rest: bytes):
    path = tmp_path / "x.jsonl"
    path.write_bytes(json.dumps(WHOLE[0]).encode() + b"\n" + rest)
    assert read_conversation(path).note.startswith("The record is not whole: it ")


def test_no_file_is_a_record_of_nothing(tmp_path: Path):
    found = read_conversation(tmp_path / "none.jsonl")
    assert "cannot be read" in found.note
    assert found.entries == []
