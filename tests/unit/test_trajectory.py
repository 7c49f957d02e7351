"""A trajectory is on disk while it happens, and holds no secret."""

from __future__ import annotations

import json

from pytest_smallbench.contracts import Usage
from pytest_smallbench.trajectory import (
    Trajectory,
    environment_secrets,
    file_name,
    read_events,
    spent,
)


def test_each_event_is_readable_at_once(tmp_path):
    trajectory = Trajectory(tmp_path / "deep" / "t.jsonl")
    trajectory.add("start", task="a")
    assert [event["kind"] for event in read_events(trajectory.path)] == ["start"]
    trajectory.add("end", outcome="resolved")
    assert [event["seq"] for event in read_events(trajectory.path)] == [0, 1]


def test_a_line_cut_short_by_a_kill_is_left_out(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"seq": 0, "time": 0, "kind": "start", "data": {}}\n{"seq": 1, "ti')
    assert [event["seq"] for event in read_events(path)] == [0]


def test_secrets_are_replaced_even_where_json_escapes_them(tmp_path):
    trajectory = Trajectory(tmp_path / "t.jsonl", secrets=['hush"hush\\key'])
    trajectory.add("observation", text='said hush"hush\\key aloud')
    (event,) = read_events(trajectory.path)
    assert event["data"]["text"] == "said *** aloud"


def test_half_a_surrogate_pair_and_odd_values_do_not_stop_the_record(tmp_path):
    trajectory = Trajectory(tmp_path / "t.jsonl")
    trajectory.add("observation", text="\ud800", extra=object)
    assert json.loads(trajectory.path.read_text())["data"]["text"] == "\ud800"


def test_environment_secrets_are_found_by_name(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
    monkeypatch.setenv("MY_TOKEN", "short")
    found = environment_secrets()
    assert "sk-0123456789" in found
    assert "short" not in found


def test_file_names_are_percent_encoded_and_never_too_long():
    assert file_name("bcb-agent::BigCodeBench/0[instruct]") == (
        "bcb-agent%3A%3ABigCodeBench%2F0[instruct].jsonl"
    )
    long_names = {file_name("x" * 300 + tail) for tail in "ab"}
    assert len(long_names) == 2
    assert max(map(len, long_names)) < 250


def test_what_a_killed_attempt_spent_can_be_read_from_its_record(tmp_path):
    trajectory = Trajectory(tmp_path / "t.jsonl")
    assert spent(trajectory.path) == (Usage(), 0.0)
    for _ in range(2):
        trajectory.add("response", usage=vars(Usage(10, 5, 2)), cost_usd=0.25)
    assert spent(trajectory.path) == (Usage(20, 10, 4), 0.5)
    trajectory.add("response", usage=vars(Usage(1, 1, 0)), cost_usd=None)
    assert spent(trajectory.path) == (Usage(21, 11, 4), None)


def test_nothing_is_added_after_the_end(tmp_path):
    """A model's answer may come when the attempt's time is long up."""
    trajectory = Trajectory(tmp_path / "t.jsonl")
    trajectory.add("end", outcome="unresolved")
    trajectory.add("response", message={})
    assert [event["kind"] for event in read_events(trajectory.path)] == ["end"]
