"""The sandbox contract: code that means harm, each piece contained, and the sandbox still sound."""

from __future__ import annotations

import pytest

from pytest_smallbench.contracts import Completed, Sandbox, SandboxLimits

from .sandbox_runs import LONG, SEND, OpenSandbox

LIBC = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    result = getattr(libc, name)(*arguments)
    print(name, "refused" if result == -1 else "ALLOWED")
"""


def still_works(sandbox: Sandbox) -> bool:
    return sandbox.run("echo fine", timeout=LONG).text == "fine\n"


class TestAttacks:
    @pytest.mark.parametrize(
        "call",
        [
            "call('mount', b'none', b'/tmp', b'tmpfs', 0, None)",
            "call('umount2', b'/work', 2)",
            "call('unshare', 0x10000000)",
            "call('unshare', 0x00020000)",
            "call('setns', os.open('/proc/self/ns/net', 0), 0)",
            "call('chroot', b'/tmp')",
            "call('pivot_root', b'/tmp', b'/tmp') if hasattr(libc, 'pivot_root') else 0",
            "call('setuid', 0)",
            "call('setgid', 0)",
            "call('setresuid', 0, 0, 0)",
            "call('setgroups', 0, None)",
            "call('ptrace', 16, os.getppid() or 1, 0, 0)",
            "call('ptrace', 0, 0, 0, 0)",
            "call('process_vm_readv', 1, None, 0, None, 0, 0)",
            "call('sethostname', b'x', 1)",
            "call('reboot', 0)",
            "call('swapon', b'/work/x', 0)",
            "call('init_module', None, 0, b'')",
            "call('acct', b'/work/x')",
            "call('personality', 0xffffffff) if False else 0",
            "call('memfd_create', b'x', 0)",
            "call('syscall', 250, 0, 0, 0, 0, 0) if os.uname().machine == 'x86_64' else 0",
            "call('syscall', 321, 0, 0, 0) if os.uname().machine == 'x86_64' else 0",
            "call('syscall', 298, 0, 0, 0, 0, 0) if os.uname().machine == 'x86_64' else 0",
            "call('syscall', 323, 0) if os.uname().machine == 'x86_64' else 0",
            "call('syscall', 425, 1, 0) if os.uname().machine == 'x86_64' else 0",
            "call('syscall', 56, 0x10000011, 0, 0, 0, 0) if os.uname().machine == 'x86_64' else 0",
            "call('syscall', 0x40000000 + 39) if os.uname().machine == 'x86_64' else 0",
            "call('shmget', 0, 1 << 30, 0o1666)",
            "call('nice', -5)",
        ],
    )
    def test_system_calls_are_refused(self, sandbox: Sandbox, call: str) -> None:
        done = sandbox.python(LIBC + call, timeout=LONG)
        assert "ALLOWED" not in done.text
        assert still_works(sandbox)

    @pytest.mark.parametrize(
        "code",
        [
            "import os, signal; os.kill(1, signal.SIGKILL)",
            "import os, signal; os.kill(1, signal.SIGSTOP)",
            "import os, signal\nfor s in range(1, 65):\n  if s not in (32, 33): os.kill(1, s)",
            "import os, signal; os.kill(-1, signal.SIGKILL)",
            "import os, signal; os.kill(0, signal.SIGKILL)",
            "import os, signal; os.killpg(os.getpgid(0), signal.SIGKILL)",
            "import os; os.setpgid(0, 1)",
            "import os; os.closerange(0, 1000)",
            "import os; os.close(1); os.close(2); raise SystemExit(3)",
            "import sys; sys.modules.clear()",
            "import sys; sys.exit = sys.stdout = sys.stderr = None; 1/0",
            "import sys; del sys.modules['__main__']; print(1)",
            "import os; os._exit = None; import threading; threading._shutdown = None",
            "import atexit, os; atexit.register(os.abort)",
            "import ctypes; ctypes.string_at(0)",
            "import builtins; builtins.__dict__.clear()",
            "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.alarm(1)",
        ],
    )
    def test_it_harms_itself_only(self, sandbox: Sandbox, code: str) -> None:
        done = sandbox.python(code, timeout=LONG)
        assert isinstance(done, Completed)
        assert not done.timed_out
        assert still_works(sandbox)

    def test_stopping_oneself_meets_the_limit(self, sandbox: Sandbox) -> None:
        code = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"
        assert sandbox.python(code, timeout=0.5).timed_out
        assert still_works(sandbox)

    def test_ignoring_every_signal_meets_the_limit(self, sandbox: Sandbox) -> None:
        command = "trap '' HUP INT TERM QUIT; while :; do sleep 1; done"
        assert sandbox.run(command, timeout=0.5).timed_out

    def test_the_first_process_is_closed(self, sandbox: Sandbox) -> None:
        for name in ("fd", "mem", "environ", "root", "cwd", "exe", "ns/net", "maps"):
            code = f"import os; path = '/proc/1/{name}'\n"
            code += (
                "print(open(path, 'rb').read(1) if not os.path.isdir(path) else os.listdir(path))"
            )
            done = sandbox.python(code, timeout=LONG)
            assert b"PermissionError" in done.stderr or done.stdout in (b"[]\n", b"b''\n"), name

    def test_a_child_cannot_reach_its_parent_s_memory(self, sandbox: Sandbox) -> None:
        code = """
import os
parent = os.getpid()
if not (pid := os.fork()):
    for name in ("mem", "fd", "root"):
        try:
            path = f"/proc/{parent}/{name}"
            open(path, "r+b") if name == "mem" else os.listdir(path)
            print("REACHED", name, flush=True)
        except OSError:
            pass
    os._exit(0)
os.waitpid(pid, 0)
"""
        assert sandbox.python(code, timeout=LONG).text == ""

    def test_a_set_user_id_program_gains_nothing(self, sandbox: Sandbox) -> None:
        command = "for p in su mount passwd sudo newuidmap; do command -v $p; done"
        for path in sandbox.run(command, timeout=LONG).text.split():
            code = f"import subprocess; subprocess.run([{path!r}], stdin=-3, timeout=20)"
            sandbox.python(code, timeout=LONG)
        made = "cp /bin/sh s && chmod 6755 s && ./s -c 'id -u'"
        assert sandbox.run(made, timeout=LONG).text.strip() != "0"

    def test_no_way_up_out_of_the_root(self, sandbox: Sandbox) -> None:
        command = "cd /; for i in 1 2 3 4 5 6; do cd ..; done; [ . -ef / ] && echo the same"
        command += "; ls /proc/1/root /proc/1/cwd"
        assert sandbox.run(command, timeout=LONG).text == "the same\n"

    def test_reports_cannot_be_flooded(self, sandbox: Sandbox) -> None:
        code = (
            SEND
            + """
import threading
held = [socket.socket(socket.AF_UNIX) for _ in range(200)]
for connection in held:
    connection.setblocking(False)
    try: connection.connect(__report__)
    except OSError: pass
def flood():
    for _ in range(50):
        try: send(bytes(6 << 20))
        except OSError: pass
threads = [threading.Thread(target=flood) for _ in range(4)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
"""
        )
        done = sandbox.python(code, timeout=LONG)
        assert len(done.messages) <= 8
        assert max(map(len, done.messages)) <= 4 << 20
        assert still_works(sandbox)

    def test_the_report_channel_cannot_be_replaced(self, sandbox: Sandbox) -> None:
        code = SEND + "import os\ntry: os.unlink(__report__)\nexcept OSError: send(b'held')"
        assert sandbox.python(code, timeout=LONG).messages == (b"held",)


class TestExhaustion:
    def test_memory_is_limited(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(memory=256 << 20))
        done = sandbox.python("import time; x = b'x' * (400 << 20); time.sleep(1000)", timeout=LONG)
        assert (done.killed, done.timed_out) == ("memory", False)
        assert still_works(sandbox)

    def test_memory_is_counted_over_all_processes(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(memory=256 << 20))
        code = "import os, time\nfor _ in range(4):\n    if not os.fork():\n"
        code += "        x = b'x' * (100 << 20); time.sleep(1000)\ntime.sleep(1000)"
        assert sandbox.python(code, timeout=LONG).killed == "memory"

    def test_memory_that_is_shared_counts_once(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(memory=256 << 20))
        code = "import os, time\nx = b'x' * (100 << 20)\nchildren = [os.fork() for _ in range(2)]\n"
        code += "time.sleep(0.3)\nif 0 not in children: print('whole')"
        assert sandbox.python(code, timeout=LONG).text == "whole\n"

    def test_files_count_as_memory(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(memory=128 << 20, disk=1 << 30))
        command = "head -c 300M /dev/zero > x; sleep 1000"
        assert sandbox.run(command, timeout=LONG).killed == "memory"

    def test_memory_cannot_be_hidden_in_sockets(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(memory=150 << 20))
        code = """
import os, socket, time
children = [os.fork() for _ in range(2)]
kept = []
try:
    while True:
        kept.append(socket.socketpair())
        kept[-1][0].setblocking(False)
        kept[-1][0].send(bytes(100_000))
except OSError:
    time.sleep(1000)
"""
        assert sandbox.python(code, timeout=LONG).killed == "memory"

    def test_an_impossible_allocation_is_the_program_s_error(self, sandbox: Sandbox) -> None:
        assert b"MemoryError" in sandbox.python("x = bytearray(1 << 42)", timeout=LONG).stderr

    def test_processes_are_limited(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(processes=20))
        code = """
import os, time
made = 0
try:
    for _ in range(60):
        if not os.fork(): time.sleep(1000)
        made += 1
except BlockingIOError:
    print(made < 20)
"""
        assert sandbox.python(code, timeout=LONG).text == "True\n"
        assert still_works(sandbox)

    def test_a_fork_bomb_ends_with_its_run(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(processes=50))
        code = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
        assert sandbox.python(code, timeout=1).timed_out
        assert still_works(sandbox)

    def test_a_sandbox_s_many_processes_are_its_own_affair(self, open_sandbox: OpenSandbox) -> None:
        one, two = (open_sandbox(SandboxLimits(processes=30)) for _ in range(2))
        crowd = "for i in $(seq 25); do sleep 1000 & done; echo ready"
        assert one.shell().run(crowd, timeout=LONG).text == "ready\n"
        done = two.run(crowd, timeout=LONG)
        assert (done.text, done.stderr) == ("ready\n", b"")

    def test_the_disk_is_limited(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(disk=20 << 20))
        command = "cat /dev/zero > a; cat /dev/zero > /tmp/b; cat /dev/zero > /dev/shm/c"
        done = sandbox.run(command + "; du -smcx /work /tmp /dev/shm | tail -1", timeout=LONG)
        assert b"No space left" in done.stderr
        assert int(done.text.split()[-2]) <= 20
        sandbox.run("rm a /tmp/b /dev/shm/c", timeout=LONG)
        assert still_works(sandbox)

    def test_the_number_of_files_is_limited(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(disk=4 << 20))
        code = "import os\nfor n in range(100_000): os.close(os.open(str(n), os.O_CREAT))"
        assert b"No space left" in sandbox.python(code, timeout=LONG).stderr
        assert still_works(sandbox)

    def test_a_file_s_size_is_limited(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(file_size=1 << 20))
        assert (
            b"File too large"
            in sandbox.python("open('a', 'wb').write(bytes(2 << 20))", timeout=LONG).stderr
        )
        assert sandbox.run("truncate -s 1G b", timeout=LONG).exit_code != 0

    def test_a_flood_of_output_costs_neither_time_nor_memory(self, sandbox: Sandbox) -> None:
        command = "head -c 300M /dev/zero & head -c 300M /dev/zero >&2; wait; echo end > end"
        done = sandbox.run(command, timeout=LONG)
        assert done.truncated
        assert len(done.stdout) == len(done.stderr) == SandboxLimits().output
        assert sandbox.read("end") == b"end\n"

    def test_descriptors_are_limited(self, sandbox: Sandbox) -> None:
        code = "import os\nkept = []\nwhile True: kept.append(os.pipe())"
        assert b"Too many open files" in sandbox.python(code, timeout=LONG).stderr

    def test_endless_recursion_meets_the_limit(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(memory=256 << 20))
        code = "import sys; sys.setrecursionlimit(10**9); f = lambda: f(); f()"
        assert sandbox.python(code, timeout=LONG).exit_code != 0
        assert still_works(sandbox)

    def test_deep_recursion_is_the_program_s_end(self, sandbox: Sandbox) -> None:
        code = "import sys; sys.setrecursionlimit(10**9)\nclass A:\n"
        code += "    def __repr__(self): return repr(self)\nrepr(A())"
        assert sandbox.python(code, timeout=LONG).exit_code != 0
        assert still_works(sandbox)
