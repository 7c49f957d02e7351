"""The operating-system world: its shell, its observations, its verdicts."""

from __future__ import annotations

import re

import pytest
from agentbench_os_host import (  # noqa: F401 - fixtures
    OpenWorld,
    answer,
    bash,
    compared,
    finish,
    needs_sandbox,
    opened_worlds,
    play_reference,
    real_host,
    record,
)
from pytest_smallbench.benchmarks.agentbench.environments.operating_system import (
    world as world_module,
)

from pytest_smallbench.errors import GradingError

pytestmark = needs_sandbox
SAID = "The output of the OS:\n\n"
NOTHING = "The output of the OS is empty."
NEW_SHELL = "A new shell has been started in /root."


class TestShell:
    def test_it_keeps_its_state(self, opened: OpenWorld) -> None:
        world = opened(record())
        assert bash(world, "pwd; cd /tmp; x='a b'; f() { echo \"<$1>\"; }") == f"{SAID}/root"
        assert bash(world, 'pwd; f "$x"') == f"{SAID}/tmp\n<a b>"
        assert bash(world, "false") == NOTHING
        assert bash(world, "echo $?") == f"{SAID}1"

    def test_init_and_start_come_before_the_agent(self, opened: OpenWorld) -> None:
        world = opened(record(init="echo 1 > a", start="x=5; cd /srv; sleep 1000 &"))
        assert bash(world, "pwd; echo $x; cat ~/a; jobs") == (
            f"{SAID}/srv\n5\n1\n[1]+  Running                 sleep 1000 &"
        )

    def test_folder_and_home_of_a_record(self, opened: OpenWorld) -> None:
        world = opened(record(cwd="/home/agent", home="/home/agent", init="echo > here"))
        assert bash(world, "pwd; echo ~; ls") == f"{SAID}/home/agent\n/home/agent\nhere"

    @pytest.mark.parametrize(
        ("script", "text"),
        [
            ("cat", NOTHING),
            ("read line; echo [$line]", f"{SAID}[]"),
            ("cat <<END\na\nEND", f"{SAID}a"),
            ("echo out; echo err >&2", f"{SAID}out\nerr"),
            ("nothing-like-it", f"{SAID}bash: nothing-like-it: command not found"),
            ("if", f"{SAID}bash: syntax error: unexpected end of file"),
            ("PS1='> '; tty", f"{SAID}not a tty"),
            ("printf '\\033[31mred\\033[0m\\033]0;title\\007\\b\\r\\n'", f"{SAID}red"),
            ("printf 'a\\0b\\tc\\n\\n'", f"{SAID}ab\tc"),
            ("printf '\\377'", "The output of the OS cannot be shown: it is not text in UTF-8."),
            ("head -c 800 /dev/zero | tr '\\0' x", SAID + 800 * "x"),
            (
                "head -c 3000000 /dev/zero | tr '\\0' x",
                SAID + 780 * "x" + "\n[truncated because the output is too long]",
            ),
            ("exit 3", f"{NOTHING}\nThe shell has ended. {NEW_SHELL}"),
            ("exec echo last", f"{SAID}last\nThe shell has ended. {NEW_SHELL}"),
            ("kill -9 $$", f"{NOTHING}\nThe shell has ended. {NEW_SHELL}"),
            ("alias echo=false builtin=false eval=false; eval() { :; }", NOTHING),
            ("exec > /dev/null 2>&1 < /dev/null", NOTHING),
            ("set -e; false", f"{NOTHING}\nThe shell has ended. {NEW_SHELL}"),
        ],
    )
    def test_what_is_said_and_that_it_goes_on(
        self, opened: OpenWorld, script: str, text: str
    ) -> None:
        world = opened(record())
        assert bash(world, script) == text
        assert bash(world, "printf fine") == f"{SAID}fine"

    @pytest.mark.parametrize(
        "script", [":(){ :|:& };:; sleep 20", "yes | tail -c1", "tail -f .profile"]
    )
    def test_too_much_is_stopped_in_words(
        self, opened: OpenWorld, script: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(world_module, "COMMAND_S", 2.0)
        world = opened(record(start="x=5"))
        assert re.search(rf"The command .* was stopped\. {NEW_SHELL}$", bash(world, script))
        assert bash(world, "echo $x") == f"{SAID}5"

    def test_the_same_calls_say_the_same(self, opened: OpenWorld) -> None:
        task = record(init="for i in 1 2 3; do echo $RANDOM; done > n; touch -d @1 n", start="x=1")
        scripts = ["cat n; ls -la --time-style=full-iso n", "echo $$ $! $x; ps -e | wc -l", "exit"]
        texts = [[bash(world, one) for one in scripts] for world in (opened(task), opened(task))]
        assert texts[0] == texts[1]

    def test_restore_says_the_same_again(self, opened: OpenWorld) -> None:
        world = opened(record(init="echo 1 > a", start="x=5"))
        bash(world, "cd /srv; echo 2 > b")
        snapshot = world.snapshot()
        scripts = ["pwd; ls; cat ~/a", "echo $x; rm ~/a; ps -e | wc -l", "ls ~"]
        first = [bash(world, script) for script in scripts]
        world.call("answer_action", {"answer": "1"})
        world.restore(snapshot)
        assert [bash(world, script) for script in scripts] == first
        assert "not finished" in world.judge(None).explanation

    def test_a_failing_init_script_is_no_fault_of_the_agent(self, opened: OpenWorld) -> None:
        with pytest.raises(GradingError, match=r"init script 1 .* exit code 4 .*oh no"):
            opened(record(init="echo oh no >&2; exit 4"))


class TestVerdicts:
    @pytest.mark.parametrize(
        ("match", "said", "right"),
        [
            ({"answer": "yes"}, " yes\n", True),
            ({"answer": "yes"}, "Yes", False),
            ({"answer": "yes", "strip": False}, "yes ", False),
            ({"regex": "^a[0-9]+$"}, "a17", True),
            ({"regex": "^a[0-9]+$"}, "b17", False),
            ({"answer": "None"}, "none", False),
        ],
    )
    def test_match(
        self, opened: OpenWorld, match: dict[str, object], said: str, right: bool
    ) -> None:
        world = opened(record(evaluation={"kind": "match", "match": match}))
        assert answer(world, said) is right

    def test_the_truth_is_not_the_agent_s_to_change(self, opened: OpenWorld) -> None:
        task = record(
            init="for i in 1 2 3; do echo > $i; done",
            example="ls | wc -l",
            evaluation=compared("integer-match"),
        )
        world = opened(task)
        bash(world, "rm *; printf '#!/bin/sh\necho 7' > /usr/bin/ls; cp /usr/bin/ls /usr/bin/wc")
        assert not answer(world, "7")
        assert answer(opened(task), " 3 ")
        assert not answer(opened(task), "3 files")

    def test_the_truth_is_about_the_very_same_files(self, opened: OpenWorld) -> None:
        world = opened(
            record(
                init="head -c 100 /dev/urandom | base64 > a",
                example="cat a",
                evaluation=compared("string-match"),
            )
        )
        assert answer(world, bash(world, "cat a").removeprefix(SAID))

    def test_processes_are_counted_alike(self, opened: OpenWorld) -> None:
        task = record(start="sleep 1000 &", example="ps -e | wc -l")
        world = opened(
            record(**{**task.data, "evaluation": compared("integer-match")}),
        )
        assert answer(world, bash(world, "ps -e | wc -l").removeprefix(SAID))

    def test_a_broken_example_is_no_verdict(self, opened: OpenWorld) -> None:
        world = opened(record(example="exit 3", evaluation=compared("integer-match")))
        with pytest.raises(GradingError, match="exit code 3"):
            answer(world, "1")

    def test_what_is_not_finished_is_not_resolved(self, opened: OpenWorld) -> None:
        world = opened(record(evaluation={"kind": "match", "match": {"answer": "7"}}))
        assert "not finished" in world.judge(None).explanation
        assert world.judge("7").resolved
        assert not finish(world)
        assert not world.judge("7").resolved

    def test_the_canonical_line_is_the_answer(self, opened: OpenWorld) -> None:
        world = opened(record(evaluation={"kind": "match", "match": {"answer": "7"}}))
        world.call("answer_action", {"answer": "7 "})
        judgement = world.judge("I think that it is 7.")
        assert (judgement.line, judgement.score, judgement.explanation) == ("7 ", 1.0, "")

    def test_a_megabyte_is_an_answer_too(self, opened: OpenWorld) -> None:
        world = opened(record(evaluation={"kind": "match", "match": {"answer": "7"}}))
        world.call("answer_action", {"answer": "\0é" * 500_000})
        assert len(world.judge(None).explanation) < 1000

    def test_a_record_of_the_seed_s_has_tools_and_no_rule(self, opened: OpenWorld) -> None:
        world = opened(record())
        assert bash(world, "echo 1") == f"{SAID}1"
        assert not answer(world, "1")
        assert "no rule of its own" in world.judge(None).explanation
        assert world.reference() == []

    def test_the_reference_plays_the_example(self, opened: OpenWorld) -> None:
        task = record(init="echo 5 > a", example="cat a", evaluation=compared("integer-match"))
        calls = opened(task).reference()
        assert [call.name for call in calls] == ["bash_action", "answer_action"]
        assert play_reference(opened(task))
