"""The sandbox contract: the persistent shell."""

from __future__ import annotations

import pytest

from pytest_smallbench.contracts import Sandbox, SandboxLimits

from .sandbox_runs import LONG, OpenSandbox


class TestShell:
    def test_state_lives_from_call_to_call(self, sandbox: Sandbox) -> None:
        shell = sandbox.shell()
        shell.run(
            "mkdir d; cd d; x='a b'; f() { echo \"f $1\"; }; export Y=2; umask 077", timeout=LONG
        )
        done = shell.run('pwd; echo "$x"; f 1; sh -c "echo \\$Y"; umask', timeout=LONG)
        assert done.text == "/work/d\na b\nf 1\n2\n0077\n"

    def test_exit_codes_and_streams(self, sandbox: Sandbox) -> None:
        shell = sandbox.shell()
        done = shell.run("echo out; echo err >&2; (exit 4)", timeout=LONG)
        assert (done.exit_code, done.stdout, done.stderr) == (4, b"out\n", b"err\n")
        assert shell.run("echo $?", timeout=LONG).text == "4\n"
        assert shell.run("no-such-program", timeout=LONG).exit_code == 127

    def test_several_lines(self, sandbox: Sandbox) -> None:
        shell = sandbox.shell()
        command = "for i in 1 2\ndo echo $i\ndone\ncat <<END\nhere $i\nEND\n# comment"
        assert shell.run(command, timeout=LONG).text == "1\n2\nhere 2\n"
        assert shell.run("", timeout=LONG).exit_code == 0

    @pytest.mark.parametrize(
        "command",
        [
            "cat",
            "read line",
            "exec >&-",
            "exec > /dev/null 2>&1 < /dev/null",
            "exec 3>&1 4>&2 5<&0",
            "echo 'no end",
            "echo )",
            "python3 -c 'import os; os.closerange(0, 1000)'",
            "printf 'no newline'",
            "sleep 1000 &",
            "(sleep 1000; echo late) &",
            "yes > /dev/null &",
            "yes | head -c 100000",
            "unset PATH; PATH=/nowhere",
            "IFS=x",
            "set -u; set -f",
            "alias printf=false read=false eval=false",
            "eval() { :; }; read() { :; }; printf() { :; }",
        ],
    )
    def test_nothing_confuses_it(self, sandbox: Sandbox, command: str) -> None:
        shell = sandbox.shell()
        shell.run("kept=1", timeout=LONG)
        assert not shell.run(command, timeout=LONG).timed_out
        done = shell.run("echo out; echo err >&2; echo $kept", timeout=LONG)
        assert (done.stdout, done.stderr) == (b"out\n1\n", b"err\n")

    def test_exit_ends_the_shell_and_says_so(self, sandbox: Sandbox) -> None:
        shell = sandbox.shell()
        done = shell.run("x=1; exit 6", timeout=LONG)
        assert done.exit_code == 6
        assert b"new" in done.stderr
        assert shell.run("echo [$x]", timeout=LONG).text == "[]\n"

    def test_a_timeout_starts_it_anew_and_says_so(self, sandbox: Sandbox) -> None:
        shell = sandbox.shell()
        shell.run("cd /tmp; x=1", timeout=LONG)
        done = shell.run("echo before; sleep 1000", timeout=0.5)
        assert done.timed_out
        assert done.stdout == b"before\n"
        assert b"new" in done.stderr
        assert shell.run("pwd; echo [$x]", timeout=LONG).text == "/work\n[]\n"

    def test_the_first_command_has_its_limit_too(self, sandbox: Sandbox) -> None:
        assert sandbox.shell().run("sleep 1000", timeout=0.5).timed_out

    def test_output_is_limited_for_each_command(self, open_sandbox: OpenSandbox) -> None:
        shell = open_sandbox(SandboxLimits(output=1000)).shell()
        assert shell.run("head -c 5000000 /dev/zero", timeout=LONG).truncated
        done = shell.run("echo fine", timeout=LONG)
        assert done.text == "fine\n"
        assert not done.truncated

    def test_memory_ends_it(self, open_sandbox: OpenSandbox) -> None:
        shell = open_sandbox(SandboxLimits(memory=200 << 20)).shell()
        done = shell.run("x=$(head -c 1G /dev/zero | tr '\\0' x); echo no", timeout=LONG)
        assert done.killed == "memory"
        assert shell.run("echo fine", timeout=LONG).text == "fine\n"

    def test_background_work_goes_on_between_commands(self, sandbox: Sandbox) -> None:
        shell = sandbox.shell()
        shell.run("mkfifo go done; (read x < go; echo $x > done) &", timeout=LONG)
        shell.run("echo hello > go", timeout=LONG)
        assert shell.run("cat done", timeout=LONG).text == "hello\n"

    def test_endless_output_in_the_background(self, open_sandbox: OpenSandbox) -> None:
        shell = open_sandbox(SandboxLimits(output=1000)).shell()
        shell.run("yes &", timeout=LONG)
        assert shell.run("sleep 0.1", timeout=LONG).truncated
        assert shell.run("kill %1; exit 3", timeout=LONG).exit_code == 3

    def test_two_shells_are_two(self, sandbox: Sandbox) -> None:
        one, two = sandbox.shell(), sandbox.shell()
        one.run("x=1; cd /tmp", timeout=LONG)
        assert two.run("pwd; echo [$x]", timeout=LONG).text == "/work\n[]\n"
        one.close()
        one.close()
        assert two.run("echo fine", timeout=LONG).text == "fine\n"

    def test_it_shares_the_files(self, sandbox: Sandbox) -> None:
        shell = sandbox.shell()
        sandbox.write("a", "1")
        assert shell.run("cat a; echo 2 > b", timeout=LONG).text == "1"
        assert sandbox.read("b") == b"2\n"
