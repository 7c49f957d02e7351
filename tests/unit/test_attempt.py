"""Limits hold whatever the agent does, and waiting for the machine is not charged."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time

import pytest

from pytest_smallbench.attempt import Attempt
from pytest_smallbench.contracts import Limits, Task, Usage
from pytest_smallbench.errors import LimitReached
from pytest_smallbench.trajectory import Trajectory

TASK = Task("a/1", "a/1", "toy", "Do it.")


def attempt(tmp_path, **limits):
    return Attempt(TASK, Limits(**limits), Trajectory(tmp_path / "t.jsonl"))


def sleep_forever(it):
    """As an agent that hangs and catches whatever it may."""
    with it.clock():
        while True:
            with contextlib.suppress(Exception):
                signal.pause()


def test_model_turns_are_steps_and_stop_at_the_limit(tmp_path):
    it = attempt(tmp_path, max_steps=2)
    for _ in range(2):
        it.count_turn()
        it.count_call()
        it.count_call()
    with pytest.raises(LimitReached, match="step limit of 2 reached"):
        it.count_turn()
    assert (it.steps, it.tool_calls) == (2, 4)


def test_without_a_model_tool_calls_are_steps(tmp_path):
    it = attempt(tmp_path, max_steps=3)
    for _ in range(3):
        it.count_call()
    with pytest.raises(LimitReached):
        it.count_call()
    assert it.steps == 3


def test_tokens_stop_the_next_turn(tmp_path):
    it = attempt(tmp_path, max_tokens=100)
    it.count_turn()
    it.count_reply(Usage(80, 30, 10), 0.5)
    with pytest.raises(LimitReached, match="token limit of 100 reached"):
        it.count_turn()


def test_one_unknown_price_makes_the_cost_unknown(tmp_path):
    it = attempt(tmp_path)
    it.count_reply(Usage(1, 1), 0.5)
    it.count_reply(Usage(1, 1), None)
    it.count_reply(Usage(1, 1), 0.5)
    assert it.cost_usd is None
    assert it.usage == Usage(3, 3)


def test_the_clock_interrupts_an_agent_that_catches_exceptions(tmp_path):
    it = attempt(tmp_path, timeout_s=0.05)
    with pytest.raises(LimitReached, match=r"time limit of 0\.05 s reached"):
        sleep_forever(it)
    assert it.limit_reached == "time limit of 0.05 s reached"


def test_waiting_is_not_charged(tmp_path):
    it = attempt(tmp_path, timeout_s=0.1)
    began = time.monotonic()
    it.waited = lambda: min(time.monotonic() - began, 0.3)
    with pytest.raises(LimitReached):
        sleep_forever(it)
    assert time.monotonic() - began >= 0.4


def test_the_alarm_is_put_back(tmp_path):
    before = signal.getsignal(signal.SIGALRM)
    with attempt(tmp_path, timeout_s=5.0).clock():
        assert signal.getsignal(signal.SIGALRM) is not before
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_time_limit_that_an_event_loop_swallows_comes_again(tmp_path):
    """asyncio reports what a callback raises, and goes on."""
    it = attempt(tmp_path, timeout_s=0.05)
    swallowed = []

    async def forever():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: swallowed.append(context["exception"]))
        loop.call_soon(spin)
        await asyncio.Event().wait()

    def spin():
        while True:
            pass

    with pytest.raises(LimitReached), it.clock():
        asyncio.run(forever())
    assert [type(each) for each in swallowed] == [LimitReached]
