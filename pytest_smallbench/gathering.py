"""The pytest hooks of every run that look for tasks among a user's tests.

A run needs no --smallbench: it is set up as soon as collection has found a task, and where
there is none this module is all of ours that was at work. Loaded with every pytest run, so
that what a run of tasks needs is imported once there is one.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.fixture_use import uses_ours
from pytest_smallbench.settings import Settings
from pytest_smallbench.task_items import task_of

if TYPE_CHECKING:
    from pytest_smallbench.found import Found
    from pytest_smallbench.handover import Desk
    from pytest_smallbench.place import Place

DESK = "smallbench_desk"
MARK = "smallbench"
GATES = ("smallbench_min_rate", "smallbench_gate", "smallbench_baseline")
INCONCLUSIVE = 7  # as in reports/gate.py, which is not worth an import here
Wrapper = Generator[None, Any, Any]
ATTEMPT_NUMBER = pytest.StashKey[int]()


class Gathering:
    """Registered in every process of every run."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.config = config
        self.settings = settings
        self._mistake = ""
        self._begun = False
        self._done: list[pytest.Item] = []

    # -- where tests are collected: a worker, or pytest with -n 0 -------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_pycollect_makeitem(self) -> Wrapper:
        made = yield
        if not isinstance(made, list):  # a collector, or nothing
            return made
        return [item for each in made for item in self._attempts(each)]

    def _attempts(self, item: pytest.Item) -> list[pytest.Item]:
        """The items that stand for one, where it is a task with several attempts."""
        if not isinstance(item, pytest.Function) or not _is_custom(item):
            return [item]
        from pytest_smallbench.custom.attempts import attempts
        from pytest_smallbench.custom.entry import attempts_of

        number = self.settings.attempts if self.settings.attempts > 1 else attempts_of(item)
        if number == 1:
            return [item]
        copies = dict(attempts(item, number))
        for attempt, copy in copies.items():
            copy.stash[ATTEMPT_NUMBER] = attempt
        return list(copies.values())

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Not last: pytest's own -m comes after, and must see the tasks' tags."""
        try:
            for item in items:
                self._enlist(item)
        except UsageMistake as mistake:
            self._mistake = str(mistake)

    def _enlist(self, item: pytest.Item) -> None:
        if task_of(item) is None and _is_custom(item):
            from pytest_smallbench.custom.entry import enlist_custom

            enlist_custom(item, item.stash.get(ATTEMPT_NUMBER, 0))

    @pytest.hookimpl(trylast=True, specname="pytest_collection_modifyitems")
    def pytest_smallbench_narrow(self, items: list[pytest.Item]) -> None:
        """After pytest's own -k and -m."""
        if self._mistake or not any(map(task_of, items)):
            return
        from pytest_smallbench import narrowing

        try:
            self._deselect(narrowing.unselected(items, self.settings), items)
            self._done = narrowing.done(items, self.settings)
            self._deselect(self._done, items)
        except UsageMistake as mistake:
            self._mistake = str(mistake)

    def _deselect(self, chosen: list[pytest.Item], items: list[pytest.Item]) -> None:
        if chosen:
            left_out = set(chosen)
            items[:] = [item for item in items if item not in left_out]
            self.config.hook.pytest_deselected(items=chosen)

    def _find(self, items: Sequence[pytest.Item]) -> Found | None:
        """None where no item is a task that only collection could find."""
        if not self._mistake and not any(map(task_of, items)):
            return None
        from pytest_smallbench.found import Found, find

        if self._mistake:
            return Found(mistake=self._mistake)
        return find(items, self.settings.benchmarks) or None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if self.config.option.collectonly and not self._mistake:
            return
        found = self._find([*session.items, *self._done])
        if found is None:
            return
        if hasattr(self.config, "workerinput"):
            self._hand_in(found)
        elif not _broken(session):
            self._begin(found, None)

    def _hand_in(self, found: Found) -> None:
        from pytest_smallbench import session
        from pytest_smallbench.handover import Desk

        desk = Desk(**self.config.workerinput[DESK])  # type: ignore[attr-defined]  # xdist's
        if not found.mistake:
            session.join_worker(self.config, self.settings, desk)
        desk.hand_in(found.pack())
        self.config.add_cleanup(desk.take_back)

    # -- where the run is led: xdist's controller, or pytest with -n 0 --------------

    @cached_property
    def place(self) -> Place:
        from pytest_smallbench.place import new_place

        return new_place(self.config, self.settings)

    @cached_property
    def desk(self) -> Desk:
        from pytest_smallbench.handover import Desk

        return Desk.new(self.place.output, _folder_for_letters(self.config))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[DESK] = vars(self.desk)

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_xdist_node_collection_finished(self) -> None:
        letter = self.desk.take()
        if letter is not None and not self._begun:
            from pytest_smallbench.found import Found

            self._begin(Found.unpack(letter), self.desk)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A gate on the command line is not met by a run that found no task."""
        if self._begun or self.settings.benchmarks or hasattr(self.config, "workerinput"):
            return
        asked = [name for name in GATES if self.config.getoption(name) is not None]
        if asked and session.exitstatus == 0 and not self.config.option.collectonly:
            session.exitstatus = INCONCLUSIVE
            option = asked[0].replace("_", "-")
            self.config.get_terminal_writer().line(
                f"\nsmallbench: --{option}: no test is a task, so there is nothing to judge: use "
                "the fixture sandbox, or --smallbench=NAME"
            )

    def pytest_unconfigure(self) -> None:
        if "desk" in vars(self):
            self.desk.clear(plan=self._begun)

    def _begin(self, found: Found, desk: Desk | None) -> None:
        """Set the run up for what was found, before any test is run."""
        from pytest_smallbench import session

        self._begun = True
        try:
            if found.mistake:
                raise UsageMistake(found.mistake)
            session.take_in(self.config, self.settings, self.place, found)
        except UsageMistake as mistake:
            raise pytest.UsageError(str(mistake)) from None
        if desk is not None:
            desk.put_plan(self.config.stash[session.CONTROLLER].plan.pack())


def _is_custom(item: pytest.Item) -> bool:
    """Whether a user's test is a task: by its mark, or by what it uses of ours."""
    return (
        uses_ours(item, "sandbox")
        or uses_ours(item, "environment")
        or item.get_closest_marker(MARK) is not None
    )


def _folder_for_letters(config: pytest.Config) -> str:
    """pytest's own, which it clears away itself even after it was killed; xdist looks there in
    the same way."""
    factory: Any = getattr(config, "_tmp_path_factory", None)  # missing with -p no:tmpdir
    if factory is not None:
        return str(factory.getbasetemp())
    import tempfile

    return tempfile.gettempdir()


def _broken(session: pytest.Session) -> bool:
    """Whether pytest will run no test, as some could not be collected."""
    return bool(session.testsfailed) and not session.config.option.continue_on_collection_errors
