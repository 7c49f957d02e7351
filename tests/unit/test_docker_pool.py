"""The pool of warm containers, without an engine: what is made, kept, handed out and ended."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from pytest_smallbench.contracts import SandboxLimits
from pytest_smallbench.errors import SandboxError
from pytest_smallbench.sandboxes.docker.container import Container
from pytest_smallbench.sandboxes.docker.pool import Pool

USUAL, OTHER = SandboxLimits(), SandboxLimits(memory=1 << 30)


class Maker:
    """Makes containers that are only sockets; the first ``failures`` times it fails."""

    def __init__(self) -> None:
        self.failures = 0
        self.made: list[SandboxLimits] = []
        self.ends: list[socket.socket] = []

    def __call__(self, limits: SandboxLimits) -> Container:
        if self.failures:
            self.failures -= 1
            raise SandboxError("no room on the engine")
        self.made.append(limits)
        ours, theirs = socket.socketpair()
        self.ends.append(theirs)
        return Container(f"container-{len(self.made)}", ours)


@pytest.fixture
def maker() -> Iterator[Maker]:
    made = Maker()
    yield made
    for end in made.ends:
        end.close()


@pytest.fixture
def pool(maker: Maker) -> Iterator[Pool]:
    made = Pool(maker, size=2)
    yield made
    made.close(lambda: None)


def taken(pool: Pool, limits: SandboxLimits = USUAL) -> str:
    container = pool.take(limits)
    container.discard()
    return container.id


def test_as_many_are_warm_as_may_run(pool: Pool, maker: Maker) -> None:
    pool.warm_up()
    pool.await_full()
    assert maker.made == [USUAL, USUAL]


def test_one_that_is_taken_is_made_good(pool: Pool, maker: Maker) -> None:
    pool.warm_up()
    pool.await_full()
    taken(pool)
    pool.await_full()
    assert len(maker.made) == 3


def test_one_that_fails_is_replaced_once(pool: Pool, maker: Maker) -> None:
    maker.failures = 1
    assert taken(pool).startswith("container-")  # which of two threads has failed is chance
    assert maker.failures == 0


def test_an_engine_that_makes_none_is_an_error(pool: Pool, maker: Maker) -> None:
    maker.failures = 1000
    with pytest.raises(SandboxError, match="no room on the engine"):
        pool.take(USUAL)


def test_one_that_has_died_meanwhile_is_not_handed_out(pool: Pool, maker: Maker) -> None:
    pool.warm_up()
    pool.await_full()
    for end in maker.ends:
        end.close()
    assert taken(pool) not in ("container-1", "container-2")


def test_one_that_comes_back_is_handed_out_again(pool: Pool) -> None:
    container = pool.take(USUAL)
    pool.give(USUAL, container)
    found = set()
    for _ in range(6):
        again = pool.take(USUAL)
        found.add(again.id)
        pool.give(USUAL, again)
    assert container.id in found


def test_other_limits_have_containers_of_their_own(pool: Pool, maker: Maker) -> None:
    pool.warm_up()
    pool.await_full()
    taken(pool, OTHER)
    pool.await_full()
    assert maker.made[2:] == [OTHER] * 3
    assert all(end.recv(1) == b"" for end in maker.ends[:2])  # the others have been ended


def test_nothing_is_left_after_its_end(pool: Pool, maker: Maker) -> None:
    pool.warm_up()
    pool.await_full()
    pool.close(lambda: None)
    assert all(end.recv(1) == b"" for end in maker.ends)
    with pytest.raises(SandboxError, match="closed"):
        pool.take(USUAL)


def test_nobody_waits_for_those_that_are_being_made() -> None:
    gone, late = threading.Event(), []

    def start(limits: SandboxLimits) -> Container:
        if not gone.wait(30):
            late.append(limits)
        raise SandboxError("its container was removed")

    pool = Pool(start, size=2)
    pool.warm_up()
    pool.close(abandon=gone.set)
    assert late == []
