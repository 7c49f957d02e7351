"""Card games as records: generated ones and published ones."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from card_samples import host, played
from pytest_smallbench.benchmarks.agentbench.environments.card_game.published import read
from pytest_smallbench.benchmarks.agentbench.environments.card_game.world import open_world
from pytest_smallbench.benchmarks.agentbench.generators.card_game import generate
from pytest_smallbench.benchmarks.agentbench.kinds import KINDS
from pytest_smallbench.benchmarks.agentbench.worlds import DIFFICULTIES, Record

from pytest_smallbench.errors import UsageMistake


def is_won_by_gold(record: Record, **values: str) -> bool:
    world = open_world(record, host(**values))
    calls = world.reference()
    assert len(calls) <= KINDS["card"].max_steps
    played(world, calls)
    return world.judge(None).resolved


# -- generated ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_generated_game_is_won_by_gold_and_not_by_plain_play(seed: int) -> None:
    for number in range(50):
        record = generate(seed, number, DIFFICULTIES[number % 3])
        assert is_won_by_gold(record), record.id
        assert not is_won_by_plain_play(record), record.id


def is_won_by_plain_play(record: Record) -> bool:
    """No guess ever, and the first living fish hits the first living enemy."""
    world = open_world(record, host())
    while True:
        text = world.call("state", {}).text
        rows = json.loads(text[text.index('{"you"') :])
        fish, target = (next(row for row in rows[side] if row["hp"]) for side in ("you", "enemy"))
        if "Phase: guess." in text:
            world.call("skip_guess", {})
        arguments = {"fish": fish["fish"], "action": "normal", "target": target["position"]}
        if world.call("act", arguments).done:
            return world.judge(None).resolved


def test_a_task_is_made_alone_and_is_always_the_same() -> None:
    records = [generate(7, number, "hard") for number in (3, 1, 2)]
    assert generate(7, 1, "hard") == records[1]
    assert [record.id for record in records] == ["card/g7-00003", "card/g7-00001", "card/g7-00002"]
    text = json.dumps([asdict(record) for record in records], sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:12] == "1c99ec8d5e29"


def test_difficulty_is_the_opponent_and_who_moves_first() -> None:
    def settings(difficulty: str) -> set[tuple[str, int]]:
        records = [generate(0, number, difficulty) for number in range(20)]
        return {(r.data["opponent"], r.data["agent_player"]) for r in records}

    assert settings("easy") == {("baseline1", 0)}
    assert settings("medium") == {("baseline1", 1), ("baseline2", 0)}
    assert settings("hard") == {("baseline2", 1)}


# -- published ----------------------------------------------------------------------


def written(folder: Path, *records: object, name: str = "card_tasks.jsonl") -> Path:
    (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records))
    return folder


def test_records_come_in_natural_order_with_their_split(tmp_path: Path) -> None:
    games = [{"id": f"card-std-baseline1-p0-{n}", "split": "std"} for n in (10, 2)]
    written(tmp_path, *games, {"id": "card-dev-x", "split": "dev", "seed": 4})
    written(tmp_path, {"id": 1, "name": "spray"}, name="card_fish.jsonl")
    records = list(read(tmp_path))
    assert [record.id for record in records] == [
        "card/dev-x",
        "card/std-baseline1-p0-2",
        "card/std-baseline1-p0-10",
    ]
    assert [record.split for record in records] == ["dev", "test", "test"]
    assert records[0].data["seed"] == 4
    assert records[0].expected_output == "win"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"split": "dev"}, ":2: field 'id' must be a text"),
        ({"id": "a", "opponent": "me"}, ":2: field 'opponent' must be baseline1 or baseline2"),
        ({"id": "a", "opponent": []}, ":2: field 'opponent' must be baseline1 or baseline2"),
        ({"id": "a", "agent_player": True}, ":2: field 'agent_player' must be 0"),
        ({"id": "a", "agent_player": [0]}, ":2: field 'agent_player' must be 0"),
        ({"id": "a", "seed": 1.5}, ":2: field 'seed' must be a whole number"),
        ({"id": "a", "my_team": ["eel"]}, ":2: field 'my_team' must name 4 different fish"),
        ({"id": "a", "my_team": ["eel"] * 4}, ":2: field 'my_team' must name 4 different fish"),
        ({"id": "a", "my_team": "eel"}, ":2: field 'my_team' must be a list of 4 fish"),
        ({"id": "a", "enemy_team": ["cod"]}, ":2: field 'enemy_team': 'cod' is no fish"),
        ([1], ":2: a record must be a JSON object"),
        ({"id": "first"}, ":2: field 'id' is already that of"),
    ],
)
def test_a_broken_record_is_told_by_file_line_and_field(
    tmp_path: Path, record: object, said: str
) -> None:
    written(tmp_path, {"id": "first"}, record)
    with pytest.raises(UsageMistake) as mistake:
        read(tmp_path)
    assert str(mistake.value).startswith(f"{tmp_path / 'card_tasks.jsonl'}{said}")


def test_every_published_game_can_be_won_in_both_modes() -> None:
    folder = os.environ.get("SMALLBENCH_TEST_DATA")
    if not folder:
        pytest.skip("SMALLBENCH_TEST_DATA does not name a folder with the real data")
    records = list(read(Path(folder) / "agentbench"))
    assert len(records) == 32
    assert all(is_won_by_gold(record) for record in records)
    assert all(is_won_by_gold(record, card_mode="faithful") for record in records)
