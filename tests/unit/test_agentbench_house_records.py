"""The published household records: all of them won by their walkthroughs, broken ones named."""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from lateral_house_samples import ROOM, act, host, house, play, published, without
from pytest_smallbench.benchmarks.agentbench.environments.household.published import read
from pytest_smallbench.benchmarks.agentbench.environments.household.rules import open_rules
from pytest_smallbench.benchmarks.agentbench.environments.household.world import open_world

from pytest_smallbench.errors import UsageMistake

RECORD: dict[str, Any] = {"id": "house-dev-look-1", **ROOM}


def written(folder: Path, *records: object, name: str = "house_dev.jsonl") -> Path:
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    data = "\n".join(lines).encode()
    (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder


@pytest.mark.parametrize("own_rules", [True, False])
def test_every_walkthrough_of_the_published_rooms_wins(own_rules):
    folder = published()
    at = host(folder=None if own_rules else folder)
    records = list(read(folder))
    worlds = [open_world(record, at) for record in records]
    assert not any(world.judge(None).resolved for world in worlds)
    for world in worlds:
        play(world)
    assert sum(world.judge(None).resolved for world in worlds) == 140


def test_ids_have_the_split_once_and_natural_order(tmp_path):
    names = ("house-dev-look-10", "house-dev-look-9", "mine")
    written(tmp_path, *({**RECORD, "id": name} for name in names))
    written(tmp_path, {**RECORD, "id": "house-valid_seen-x"}, name="house_valid_seen.jsonl.gz")
    found = [(record.id, record.split) for record in read(tmp_path)]
    assert found == [
        *(("house/dev-look-9", "dev"), ("house/dev-look-10", "dev"), ("house/dev-mine", "dev")),
        ("house/valid_seen-x", "test"),
    ]


def test_a_folder_without_rooms_has_none(tmp_path):
    assert list(read(tmp_path)) == []


def changed(path: str, value: object) -> dict[str, Any]:
    """The record with one field, at a dotted path, put to another value."""
    record = copy.deepcopy(RECORD)
    place: dict[str, Any] = record
    *parents, last = path.split("/")
    for name in parents:
        place = place[name]
    place[last] = value
    return record


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (without(RECORD, "id"), "'id'"),
        (without(RECORD, "world"), "'world'"),
        (without(RECORD, "walkthrough"), "'walkthrough'"),
        (changed("walkthrough", "go"), "'walkthrough'"),
        (changed("goal/kind", "burn_it_down"), "'goal.kind'"),
        (changed("goal/object", 3), "'goal.object'"),
        (changed("world/task", ""), "'world.task'"),
        (changed("world/agent_loc", "here"), "'world.agent_loc'"),
        (changed("world/receptacles", []), "'world.receptacles'"),
        (changed("world/receptacles/desk 1/loc", 1.5), "'world.receptacles.desk 1.loc'"),
        (changed("world/objects/mug 1", "a mug"), "'world.objects.mug 1'"),
        (changed("world/objects/mug 1/in", ["the moon"]), "'world.objects.mug 1.in'"),
        (changed("world/objects/mug 1/heatable", "yes"), "'world.objects.mug 1.heatable'"),
        (changed("world/can_contain", {"desk": "mug"}), "'desk'"),
        ("{not json", "not JSON"),
        ("[1, 2]", "a record must be a JSON object"),
    ],
)
def test_a_broken_record_is_named_by_file_line_and_field(tmp_path, record, field):
    written(tmp_path, RECORD, record)
    with pytest.raises(UsageMistake) as caught:
        list(read(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path / 'house_dev.jsonl'}:2: ")
    assert field in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_gzip_is_named(tmp_path):
    (tmp_path / "house_dev.jsonl.gz").write_bytes(b"not gzip")
    with pytest.raises(UsageMistake, match=r"house_dev.jsonl.gz is not a whole gzip file"):
        list(read(tmp_path))


def test_the_rules_of_a_folder_hold_in_its_rooms(tmp_path):
    rules = {"can_contain": {"desk": ["plate"]}, "slice_with": ["saw"]}
    rules |= {"clean_at": ["desk"], "heat_at": ["desk"], "cool_at": []}
    (tmp_path / "house_rules.json").write_text(json.dumps(rules))
    world = house(at=host(folder=tmp_path))
    said = act(world, "go to desk 1", "take mug 2 from desk 1", "heat mug 2 with desk 1")
    assert said == "You heat the mug 2 using the desk 1."
    assert not open_rules(tmp_path).fits("shelf", "mug")


def test_a_rooms_own_table_of_what_fits_goes_before_all_others():
    own = changed("world/can_contain", {"microwave": ["mug"]})
    said = act(
        house(own), *ROOM["walkthrough"][:3], "open microwave 1", "move mug 2 to microwave 1"
    )
    assert said == "You move the mug 2 to the microwave 1."
    elsewhere = act(house(own), *ROOM["walkthrough"][:2], "move mug 2 to desk 1")
    assert not elsewhere.startswith("You move")


@pytest.mark.parametrize("text", ["[]", "{", '{"can_contain": {"desk": "plate"}}'])
def test_broken_rules_are_named_by_their_file(tmp_path, text):
    (tmp_path / "house_rules.json").write_text(text)
    with pytest.raises(UsageMistake, match=r"house_rules.json"):
        open_rules(tmp_path)
