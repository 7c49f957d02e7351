"""What a worker collected reaches the controller, the plan a worker, and nothing is left."""

from __future__ import annotations

import stat

import pytest

from pytest_smallbench.contracts import TaskEntry
from pytest_smallbench.found import Found
from pytest_smallbench.handover import Desk
from pytest_smallbench.plan import PlannedItem

ITEM = PlannedItem("test_a.py::test_b[2]", TaskEntry("test_a.py::test_b", "b", tags=("x",)), 2)


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "out").mkdir()
    return Desk.new(tmp_path / "out", str(tmp_path))


def left(desk, tmp_path):
    return [path.name for path in tmp_path.rglob("*") if path.is_file()]


def test_a_letter_loses_nothing():
    found = Found({"custom": (ITEM,)}, True, ("/conftest.py",), ("'my_agent' of conftest.py",))
    assert Found.unpack(found.pack()) == found
    assert not Found()
    assert Found(mistake="a wrong mark")


def test_a_letter_is_taken_once_and_is_for_no_other_user(desk, tmp_path):
    assert desk.take() is None
    desk.hand_in("mine")
    desk.hand_in("the same")
    (letter,) = left(desk, tmp_path)
    assert stat.S_IMODE((tmp_path / letter).stat().st_mode) == 0o600
    assert desk.take() == "the same"
    assert desk.take() is None


def test_nothing_is_left_by_a_worker_or_by_the_controller(desk, tmp_path):
    desk.hand_in("never read")
    desk.take_back()
    assert left(desk, tmp_path) == []
    assert desk.plan() is None
    desk.put_plan("the plan")
    assert desk.plan() == "the plan"
    desk.clear()
    desk.clear()
    assert left(desk, tmp_path) == []
