"""Ctrl-C ends a run also where the agent's code, or the interpreter itself, loses it."""

from __future__ import annotations

import pytest

AGENT = """
import signal
import weakref
import pytest

# Started in the background (CI's habit), we ignore Ctrl-C, and so would pytest.
signal.signal(signal.SIGINT, signal.default_int_handler)

class Noisy(set):
    pass

def in_a_callback():
    noisy = Noisy()
    kept = weakref.ref(noisy, lambda _: signal.raise_signal(signal.SIGINT))
    del noisy

def caught():
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:
        pass

class Agent:
    def solve(self, environment):
        {lose}()
        environment.call("add", {{"n": 1}})
        print("went on after Ctrl-C")

@pytest.fixture
def agent():
    return Agent()
"""


@pytest.mark.parametrize("lose", ["in_a_callback", "caught"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_that_was_lost_ends_the_run_at_the_next_call(project, lose):
    project.conftest(AGENT.format(lose=lose))
    result = project.run("-s", agent=None)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.no_fnmatch_line("*went on after*")
    assert project.summary["not_run"] == 12
    assert project.report["run"]["stopped"] == "interrupted"
