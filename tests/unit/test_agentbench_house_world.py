"""The household: what can be done in a room, what comes of it, and when an errand is over."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from lateral_house_samples import ROOM, act, house, play

from pytest_smallbench.contracts import ToolCall

NOTHING = "Nothing happens."


def room(**changes: Any) -> dict[str, Any]:
    """The sample room with another goal, or another start."""
    data = copy.deepcopy(ROOM)
    data["goal"] = {**changes.pop("goal", data["goal"])}
    data["world"].update(changes)
    return data


def available(world: Any, *actions: str) -> list[str]:
    act(world, *actions)
    text = world.call("take_action", {"action": "inventory"}).text
    return text.partition("AVAILABLE ACTIONS: ")[2].split(", ")


def test_the_first_observation_has_the_room_the_task_and_the_actions():
    text = house().observe()
    assert "you see a desk 1, a drawer 2, a drawer 1, a fridge 1," in text
    assert "window" not in text
    assert "Your task is to: put a hot mug in shelf." in text
    assert "AVAILABLE ACTIONS: go to desk 1, go to drawer 1, go to drawer 2," in text


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (
            ["go to desk 1"],
            "You arrive at desk 1. On the desk 1, you see a desklamp 1, a mug 2, and a mug 1.",
        ),
        (["go to drawer 1"], "You arrive at drawer 1. The drawer 1 is closed."),
        (
            ["go to drawer 1", "open drawer 1"],
            "You open the drawer 1. The drawer 1 is open. In it, you see a key 1.",
        ),
        (["go to drawer 1", "open drawer 1", "close drawer 1"], "You close the drawer 1."),
        (["go to desk 1", "take mug 2 from desk 1"], "You pick up the mug 2 from the desk 1."),
        (["go to desk 1", "take mug 2 from desk 1", "inventory"], "You are carrying: a mug 2."),
        (["inventory"], "You are not carrying anything."),
        (
            ["go to desk 1", "take mug 2 from desk 1", "move mug 2 to desk 1"],
            "You move the mug 2 to the desk 1.",
        ),
        (["go to desk 1", "use desklamp 1"], "You turn on the desklamp 1."),
        (["go to desk 1", "use desklamp 1", "use desklamp 1"], "You turn off the desklamp 1."),
        (["go to desk 1", "examine desk 1", "look"], "You are facing the desk 1. Next to it, you"),
        (["go to drawer 1", "look"], "You are facing the drawer 2, and drawer 1. Next to it,"),
        (["look"], "You are in the middle of a room. Looking quickly around you, you see nothing."),
        (
            ["go to desk 1", "take mug 2 from desk 1", "examine mug 2"],
            "This is a normal mug 2. In it, you see nothing.",
        ),
        (
            ["go to sinkbasin 1", "take knife 1 from sinkbasin 1", "examine knife 1"],
            "There's nothing special about knife 1.",
        ),
    ],
)
def test_what_an_action_comes_to(actions, said):
    assert act(house(), *actions).startswith(said)


@pytest.mark.parametrize(
    "actions",
    [
        ["eat everything"],
        ["go to desk 1", "take mug 2 from desk 1", "zzz"],
        ["xyzzy"],
        [""],
        ["\x00\x1b[2J"],
        ["mug" * 100_000],
    ],
)
def test_what_is_like_no_action_does_nothing(actions):
    assert act(house(), *actions) == NOTHING


def test_only_what_is_possible_is_offered():
    world = house()
    assert "take key 1 from drawer 1" not in available(world, "go to drawer 1")
    assert "take key 1 from drawer 1" in available(world, "open drawer 1")
    assert "go to drawer 2" not in available(world)  # it is at the same place
    taken = available(world, "take key 1 from drawer 1", "go to desk 1")
    assert "take mug 2 from desk 1" not in taken  # one thing in hand
    assert "move key 1 to desk 1" in taken


def test_a_thing_goes_only_where_its_type_fits():
    fridge = available(house(), "go to drawer 1", "open drawer 1", "take key 1 from drawer 1",
                       "go to fridge 1", "open fridge 1")  # fmt: skip
    assert "move key 1 to fridge 1" not in fridge


def test_a_thing_recorded_in_two_places_leaves_only_the_one_it_is_taken_from():
    world = house()
    act(world, "go to desk 1", "take mug 1 from desk 1")
    assert "a mug 1" in act(world, "go to shelf 1")


@pytest.mark.parametrize(
    "put",
    [
        *("put mug 2 in/on desk 1", "put mug 2 in desk 1", "put mug 2 on desk 1"),
        "  Move MUG 2   to desk 1\nnow",
    ],
)
def test_the_older_grammar_and_loose_writing_are_understood(put):
    world = house()
    said = act(world, "go to desk 1", "take mug 2 from desk 1", put)
    assert said == "You move the mug 2 to the desk 1."


def test_treatments_need_the_place_and_not_its_door():
    world = house()
    act(world, "go to desk 1", "take mug 2 from desk 1", "go to microwave 1")
    assert act(world, "heat mug 2 with microwave 1") == "You heat the mug 2 using the microwave 1."
    act(world, "go to sinkbasin 1", "clean mug 2 with sinkbasin 1")
    assert act(world, "examine mug 2").startswith("This is a clean and hot mug 2.")
    act(world, "go to fridge 1", "cool mug 2 with fridge 1")
    assert act(world, "examine mug 2").startswith("This is a clean")
    assert "hot" not in act(world, "examine mug 2")


def test_a_knife_in_hand_slices_what_lies_here():
    world = house()
    act(world, "go to sinkbasin 1", "take knife 1 from sinkbasin 1", "go to shelf 1")
    assert act(world, "slice apple 1 with knife 1") == "You slice the apple 1 with the knife 1."


LAMP = {"kind": "look_at_obj_in_light", "object": "mug", "lamp": "desklamp"}
TWO = {"kind": "pick_two_obj_and_place", "object": "mug", "receptacle": "desk"}
PLACE = {"kind": "pick_and_place", "object": "keychain", "receptacle": "desk"}
CLEAN = {"kind": "pick_clean_then_place", "object": "mug", "receptacle": "shelf"}
COOL = {"kind": "pick_cool_then_place", "object": "mug", "receptacle": "shelf"}
TAKE_MUG = ["go to desk 1", "take mug 2 from desk 1"]
SHELVE = ["go to shelf 1", "move mug 2 to shelf 1"]


@pytest.mark.parametrize(
    ("goal", "actions"),
    [
        (ROOM["goal"], ROOM["walkthrough"]),
        (LAMP, ["go to desk 1", "use desklamp 1", "take mug 2 from desk 1"]),
        (LAMP, ["go to desk 1", "take mug 2 from desk 1", "use desklamp 1"]),
        (LAMP, ["go to desk 1", "use desklamp 1", "use desklamp 1", "take mug 2 from desk 1"]),
        (PLACE, ["go to drawer 1", "open drawer 1", "take key 1 from drawer 1", "go to desk 1",
                 "move key 1 to desk 1"]),
        (CLEAN, [*TAKE_MUG, "go to sinkbasin 1", "clean mug 2 with sinkbasin 1", *SHELVE]),
        (COOL, [*TAKE_MUG, "go to fridge 1", "cool mug 2 with fridge 1", *SHELVE]),
    ],
)  # fmt: skip
def test_each_goal_is_won_as_soon_as_it_is_reached(goal, actions):
    world = house(room(goal=goal))
    for action in actions[:-1]:
        assert not world.call("take_action", {"action": action}).done
        assert not world.judge(None).resolved
    assert world.call("take_action", {"action": actions[-1]}).done
    assert world.judge(None).line == "task completed"


@pytest.mark.parametrize(
    ("goal", "actions"),
    [
        (ROOM["goal"], [*TAKE_MUG, *SHELVE]),  # not heated
        (CLEAN, [*TAKE_MUG, "go to microwave 1", "heat mug 2 with microwave 1", *SHELVE]),
        (LAMP, TAKE_MUG),
        (LAMP, ["go to desk 1", "use desklamp 1", "go to shelf 1", "take mug 1 from shelf 1"]),
        (TWO, TAKE_MUG),
    ],
)
def test_what_only_looks_like_the_goal_does_not_win(goal, actions):
    data = room(goal=goal)
    if goal is TWO:  # both mugs are on the desk: one has to leave it and come back
        data["world"]["objects"]["mug 2"]["in"] = ["shelf 1"]
    world = house(data)
    act(world, *actions)
    judgement = world.judge("task completed")
    assert (judgement.resolved, judgement.line) == (False, "task not completed")


def test_two_things_must_be_in_the_same_receptacle():
    data = room(goal={**TWO, "receptacle": "drawer"})
    data["world"]["objects"]["mug 1"]["in"] = ["drawer 2"]
    data["world"]["objects"]["mug 2"]["in"] = ["drawer 1"]
    world = house(data)
    act(world, "look")
    assert not world.judge(None).resolved
    data["world"]["objects"]["mug 2"]["in"] = ["drawer 2"]
    world = house(data)
    act(world, "look")
    assert world.judge(None).resolved


def test_the_same_action_three_times_ends_the_errand_after_the_third_step():
    world = house()
    for action in ("look", "look", "look"):
        assert not world.call("take_action", {"action": action}).done
    assert world.call("take_action", {"action": "look"}).done
    assert "three times in a row" in world.judge(None).explanation


def test_thirty_five_actions_are_all():
    world = house()
    ends = [world.call("take_action", {"action": f"xyzzy{n}"}).done for n in range(35)]
    assert ends == [False] * 34 + [True]
    after = world.call("take_action", {"action": "look"})
    assert after.done
    assert not after.valid


def test_a_restored_room_goes_on_as_it_did():
    world = house()
    act(world, *ROOM["walkthrough"][:3])
    state = world.snapshot()
    first = [act(world, action) for action in ROOM["walkthrough"][3:]]
    world.restore(state)
    assert not world.judge(None).resolved
    assert [act(world, action) for action in ROOM["walkthrough"][3:]] == first
    other = house()
    other.restore(state)
    assert [act(other, action) for action in ROOM["walkthrough"][3:]] == first


def test_the_reference_is_the_walkthrough():
    world = house()
    assert world.reference()[0] == ToolCall("take_action", {"action": "go to desk 1"})
    assert play(world)[-1].endswith("The task is completed.")


def test_a_record_without_a_room_is_an_empty_one():
    world = house({})
    assert "you see nothing." in world.observe()
    assert "Tidy up." in world.observe()
    assert act(world, "go to desk 1") == NOTHING
    judgement = world.judge("anything")
    assert (judgement.resolved, judgement.line) == (False, "")
    assert "no room and no goal" in judgement.explanation
