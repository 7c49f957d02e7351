"""Rows of a hub data set, read by ``datasets`` itself from a folder in the hub's layout."""

from __future__ import annotations

import json

import pytest

from pytest_smallbench.record_sources import HubSource, hub_id, hub_rows


@pytest.fixture
def hub_folder(tmp_path, monkeypatch):
    # Nothing listens there: whether the hub can be reached must not matter.
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    folder = tmp_path / "set"
    folder.mkdir()
    for split, numbers in (("train", (1, 2)), ("test", (3,))):
        lines = [json.dumps({"task_id": str(number)}) + "\n" for number in numbers]
        (folder / f"{split}.jsonl").write_text("".join(lines))
    return str(folder)


def test_every_split_is_read_and_named(hub_folder):
    rows = dict(hub_rows(HubSource(hub_folder, "main")))
    assert [(row["task_id"], row["split"]) for row in rows.values()] == [
        ("1", "train"),
        ("2", "train"),
        ("3", "test"),
    ]
    assert next(iter(rows)).endswith("@main train row 0")


def test_one_split_is_read_as_it_is(hub_folder):
    ((where, row),) = hub_rows(HubSource(hub_folder, "main", split="test"))
    assert row == {"task_id": "3"}
    assert where.endswith("@main row 0")


def test_a_revision_may_follow_the_id():
    assert hub_id("own/set@v2") == ("own/set", "v2")
    assert hub_id("own/set") == ("own/set", "")
    assert hub_id("./own/set") is None
