"""What must not be cut in two waits for its end, and only then the signal strikes."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from pytest_smallbench.undisturbed import undisturbed


class Rang(Exception):
    pass


@pytest.fixture
def alarm():
    """Raises in the main thread, as the alarm of an attempt's time limit does."""

    def ring(number, frame):
        raise Rang

    before = signal.signal(signal.SIGALRM, ring)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def another_thread():
    """It may take a signal that the main thread holds back by a mask."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    yield
    over.set()
    thread.join()


def sent_while_at_work(done: list[str]) -> None:
    with undisturbed():
        os.kill(os.getpid(), signal.SIGALRM)
        done.append("whole")


@pytest.mark.usefixtures("alarm", "another_thread")
def test_the_alarm_strikes_afterwards():
    done: list[str] = []
    with pytest.raises(Rang):
        sent_while_at_work(done)
    assert done == ["whole"]


@pytest.mark.usefixtures("alarm")
def test_an_inner_end_is_no_end():
    done: list[str] = []

    def outer() -> None:
        with undisturbed():
            sent_while_at_work(done)
            done.append("whole, too")

    with pytest.raises(Rang):
        outer()
    assert done == ["whole", "whole, too"]


def test_handlers_are_as_they_were():
    before = [signal.getsignal(number) for number in (signal.SIGALRM, signal.SIGINT)]
    with undisturbed():
        pass
    assert [signal.getsignal(number) for number in (signal.SIGALRM, signal.SIGINT)] == before


def test_elsewhere_than_in_the_main_thread_nothing_changes():
    seen = []

    def work():
        with undisturbed():
            seen.append(signal.getsignal(signal.SIGALRM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGALRM)]
