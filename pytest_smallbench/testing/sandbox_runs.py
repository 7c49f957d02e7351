"""The sandbox contract: commands, Python programs and the report channel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_smallbench.contracts import Sandbox, SandboxLimits

OpenSandbox = Callable[..., Sandbox]
LONG = 60.0  # seconds; no test here waits for it

SEND = """
import socket
def send(message, path=__report__):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(message)
"""


class TestRun:
    def test_a_string_goes_through_the_shell(self, sandbox: Sandbox) -> None:
        done = sandbox.run("echo out; echo err >&2; exit 3", timeout=LONG)
        assert (done.exit_code, done.stdout, done.stderr) == (3, b"out\n", b"err\n")
        assert not done.timed_out
        assert not done.truncated
        assert done.killed == ""

    def test_an_argv_is_taken_literally(self, sandbox: Sandbox) -> None:
        assert sandbox.run(["echo", "$HOME;", "*"], timeout=LONG).text == "$HOME; *\n"

    def test_a_missing_program_is_127(self, sandbox: Sandbox) -> None:
        done = sandbox.run(["no-such-program"], timeout=LONG)
        assert done.exit_code == 127
        assert b"no-such-program" in done.stderr

    def test_a_signal_is_negative(self, sandbox: Sandbox) -> None:
        assert sandbox.run(["/bin/sh", "-c", "kill -TERM $$"], timeout=LONG).exit_code == -15

    def test_no_stdin_is_an_empty_one(self, sandbox: Sandbox) -> None:
        assert sandbox.run("cat; echo end", timeout=LONG).text == "end\n"

    def test_much_stdin_that_nobody_reads(self, sandbox: Sandbox) -> None:
        assert sandbox.run("true", stdin=bytes(64 << 20), timeout=LONG).exit_code == 0

    def test_much_stdin_back_and_forth(self, sandbox: Sandbox) -> None:
        done = sandbox.run("tee /dev/stderr | wc -c", stdin=b"x" * (8 << 20), timeout=LONG)
        assert done.text.strip() == str(8 << 20)

    def test_variables_are_added_for_one_run(self, sandbox: Sandbox) -> None:
        done = sandbox.run("echo $COLOUR $HOME", env={"COLOUR": "blue"}, timeout=LONG)
        assert done.text.startswith("blue /")
        assert sandbox.run("echo [$COLOUR]", timeout=LONG).text == "[]\n"

    def test_the_folder_is_work_or_what_is_asked_for(self, sandbox: Sandbox) -> None:
        assert sandbox.run("pwd; mkdir inner", timeout=LONG).text == "/work\n"
        assert sandbox.run("pwd", cwd="inner", timeout=LONG).text == "/work/inner\n"
        assert sandbox.run("pwd", cwd="/tmp", timeout=LONG).text == "/tmp\n"

    def test_a_missing_folder_is_127_and_named(self, sandbox: Sandbox) -> None:
        done = sandbox.run("pwd", cwd="/nowhere", timeout=LONG)
        assert done.exit_code == 127
        assert b"/nowhere" in done.stderr

    def test_the_wall_limit_ends_it_and_keeps_its_output(self, sandbox: Sandbox) -> None:
        done = sandbox.run("echo begun; sleep 1000", timeout=0.5)
        assert done.timed_out
        assert done.killed == "wall time"
        assert done.exit_code == -9
        assert done.stdout == b"begun\n"

    def test_time_used_is_told(self, sandbox: Sandbox) -> None:
        done = sandbox.run("while :; do :; done", timeout=0.4)
        assert done.wall_s >= 0.4
        assert done.cpu_s > 0

    def test_it_ends_with_its_main_process(self, sandbox: Sandbox) -> None:
        """A child that holds stdout open does not hold the run."""
        done = sandbox.run("sleep 1000 & echo done", timeout=LONG)
        assert done.text == "done\n"
        assert done.wall_s < LONG / 2

    def test_nothing_outlives_the_run(self, sandbox: Sandbox) -> None:
        daemon = "(setsid sh -c 'while :; do date +%N > /work/alive; done' &) ; sleep 0.1"
        sandbox.run(daemon, timeout=LONG)
        assert sandbox.run("cp alive a; sleep 0.2; cmp a alive", timeout=LONG).exit_code == 0

    def test_output_beyond_the_limit_is_dropped(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(output=1000))
        done = sandbox.run("head -c 200000000 /dev/zero; exit 5", timeout=LONG)
        assert done.truncated
        assert done.exit_code == 5
        assert done.stdout == bytes(1000)

    def test_output_at_the_limit_is_whole(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(output=1000))
        done = sandbox.run("head -c 1000 /dev/zero", timeout=LONG)
        assert not done.truncated
        assert len(done.stdout) == 1000

    def test_standard_streams_can_be_opened_by_name(self, sandbox: Sandbox) -> None:
        command = "cat /dev/stdin > /dev/stdout; echo e > /dev/stderr"
        done = sandbox.run(command, stdin=b"i", timeout=LONG)
        assert (done.stdout, done.stderr) == (b"i", b"e\n")


class TestPython:
    def test_it_is_main_with_a_payload(self, sandbox: Sandbox) -> None:
        code = "import sys\nprint(__name__, sys.modules['__main__'].__payload__, sys.argv)"
        done = sandbox.python(code, payload=b"\0\xff", timeout=LONG)
        assert done.text == "__main__ b'\\x00\\xff' ['-c']\n"

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("", 0),
            ("raise SystemExit", 0),
            ("raise SystemExit(7)", 7),
            ("raise SystemExit(-1)", 255),
            ("raise SystemExit('why')", 1),
            ("import os; os._exit(9)", 9),
            ("1/0", 1),
            ("syntax error", 1),
            ("import os; os.abort()", -6),
            ("raise KeyboardInterrupt", -2),
        ],
    )
    def test_exit_codes_are_python_s(self, sandbox: Sandbox, code: str, status: int) -> None:
        assert sandbox.python(code, timeout=LONG).exit_code == status

    def test_a_traceback_shows_the_source(self, sandbox: Sandbox) -> None:
        done = sandbox.python("def f():\n    return 1 / 0  # here\nf()\n", timeout=LONG)
        lines = done.stderr.decode().splitlines()
        assert lines[0] == "Traceback (most recent call last):"
        assert "<code>" in lines[1]  # no frame of the sandbox's own comes first
        assert any("return 1 / 0  # here" in line for line in lines)
        assert lines[-1] == "ZeroDivisionError: division by zero"

    def test_source_can_be_inspected(self, sandbox: Sandbox) -> None:
        code = "import inspect\ndef f():\n    return 5\nprint(inspect.getsource(f))"
        assert sandbox.python(code, timeout=LONG).text == "def f():\n    return 5\n\n"

    def test_the_end_is_an_interpreter_s(self, sandbox: Sandbox) -> None:
        code = """
import atexit, threading, time
kept = open("kept.txt", "w"); kept.write("flushed")
atexit.register(print, "exit")
class Last:
    def __del__(self, print=print): print("gone")
last = Last()
threading.Thread(target=lambda: (time.sleep(0.1), print("thread"))).start()
print("main")
"""
        assert sandbox.python(code, timeout=LONG).text == "main\nthread\nexit\ngone\n"
        assert sandbox.read("kept.txt") == b"flushed"

    def test_a_thread_that_never_ends_meets_the_limit(self, sandbox: Sandbox) -> None:
        code = "import threading; threading.Thread(target=threading.Event().wait).start()"
        assert sandbox.python(code, timeout=0.5).timed_out

    def test_stdin_and_streams(self, sandbox: Sandbox) -> None:
        code = "import sys\nprint(input(), sys.stdin.read(), sys.stdout.encoding, sys.stdin.name)"
        done = sandbox.python(code, stdin="ä\nb".encode(), timeout=LONG)
        assert done.stdout.decode() == "ä b utf-8 <stdin>\n"

    def test_closed_stdout_is_no_failure(self, sandbox: Sandbox) -> None:
        code = "import sys; print('a'); sys.stdout.close(); sys.stdout = None"
        done = sandbox.python(code, timeout=LONG)
        assert (done.exit_code, done.stdout) == (0, b"a\n")

    def test_no_collection_touches_what_the_program_has_opened(self, sandbox: Sandbox) -> None:
        code = """
import gc, os, warnings
warnings.simplefilter("error")
files = [os.open(os.devnull, os.O_RDONLY) for _ in range(64)]
before = set(globals())
gc.collect()
print(len([os.fstat(one) for one in files]), set(globals()) - before - {"before"})
"""
        done = sandbox.python(code, timeout=LONG)
        assert (done.text, done.stderr) == ("64 set()\n", b"")

    def test_runs_draw_different_random_numbers(self, sandbox: Sandbox) -> None:
        code = "import random; print(random.random())"
        assert len({sandbox.python(code, timeout=LONG).stdout for _ in range(3)}) == 3

    def test_hashes_are_the_same_in_each_run(self, sandbox: Sandbox) -> None:
        code = "print(hash('smallbench'))"
        child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
        answers = {sandbox.python(one, timeout=LONG).stdout for one in (code, code, child)}
        assert len(answers) == 1

    def test_modules_of_the_working_folder_can_be_imported(self, sandbox: Sandbox) -> None:
        sandbox.write("mine.py", "value = 41\n")
        assert sandbox.python("import mine; print(mine.value + 1)", timeout=LONG).text == "42\n"
        sandbox.write("mine.py", "value = 98\n")
        assert sandbox.python("import mine; print(mine.value + 1)", timeout=LONG).text == "99\n"

    def test_the_interpreter_s_own_modules_load_late(self, sandbox: Sandbox) -> None:
        code = "import sqlite3, xml.dom.minidom, ctypes; print(sqlite3.connect(':memory:') and 1)"
        assert sandbox.python(code, timeout=LONG).text == "1\n"

    def test_children_can_be_started(self, sandbox: Sandbox) -> None:
        code = """
import multiprocessing, subprocess, sys
def double(x): return 2 * x
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map(double, [1, 2]))
print(subprocess.run([sys.executable, "-c", "print(3)"], capture_output=True).stdout)
"""
        assert sandbox.python(code, timeout=LONG).text == "[2, 4]\nb'3\\n'\n"

    def test_variables_and_folder(self, sandbox: Sandbox) -> None:
        code = "import os; print(os.environ['COLOUR'], os.getcwd())"
        done = sandbox.python(code, env={"COLOUR": "red"}, cwd="/tmp", timeout=LONG)
        assert done.text == "red /tmp\n"

    def test_the_conditions_are_fixed(self, sandbox: Sandbox) -> None:
        code = """
import locale, os, time
print(time.tzname[0], os.environ["MPLBACKEND"], os.environ["OMP_NUM_THREADS"],
      locale.getpreferredencoding(), os.environ["PYTHONHASHSEED"])
"""
        assert sandbox.python(code, timeout=LONG).text == "UTC Agg 1 UTF-8 0\n"


class TestReports:
    def test_each_connection_is_a_message(self, sandbox: Sandbox) -> None:
        code = SEND + "send(b'one'); send(__payload__); send(b'')"
        done = sandbox.python(code, payload=b"two", timeout=LONG)
        assert done.messages == (b"one", b"two", b"")

    def test_no_message_is_none(self, sandbox: Sandbox) -> None:
        assert sandbox.python("print(1)", timeout=LONG).messages == ()

    def test_a_large_message_arrives_whole(self, sandbox: Sandbox) -> None:
        done = sandbox.python(SEND + "send(bytes(4 << 20))", timeout=LONG)
        assert done.messages == (bytes(4 << 20),)

    def test_the_last_word_before_the_end_arrives(self, sandbox: Sandbox) -> None:
        code = SEND + "import os; send(b'x' * 100_000); os._exit(3)"
        done = sandbox.python(code, timeout=LONG)
        assert done.exit_code == 3
        assert done.messages == (b"x" * 100_000,)

    def test_a_connection_left_open_ends_with_the_run(self, sandbox: Sandbox) -> None:
        code = "import socket; s = socket.socket(socket.AF_UNIX); s.connect(__report__)\n"
        code += "s.send(b'half')\nimport os; os.kill(os.getpid(), 9)"
        assert sandbox.python(code, timeout=LONG).messages == (b"half",)

    def test_eight_are_kept(self, sandbox: Sandbox) -> None:
        code = SEND + "for number in range(100): send(b'%d' % number)"
        done = sandbox.python(code, timeout=LONG)
        assert done.exit_code == 0
        assert done.messages == tuple(b"%d" % number for number in range(8))

    def test_a_child_may_report_too(self, sandbox: Sandbox) -> None:
        code = SEND + "import os\npid = os.fork()\n"
        code += "if not pid: send(b'child'); os._exit(0)\nos.waitpid(pid, 0); send(b'parent')"
        assert sandbox.python(code, timeout=LONG).messages == (b"child", b"parent")
