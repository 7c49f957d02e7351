"""The process back: who dies with whom, slots, preloading, and what it shows of the host."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.errors import SandboxError, SandboxUnavailable
from pytest_smallbench.sandboxes.process import ProcessSandboxes, advice

UNAVAILABLE = ProcessSandboxes().unavailable()
pytestmark = pytest.mark.skipif(bool(UNAVAILABLE), reason=UNAVAILABLE)

LONG = 60.0
BUSY = "import os\nos.fork(); os.fork()\nwhile True: pass"
CONTROLLER = """
import sys, time
from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.sandboxes.process import ProcessSandboxes, advice
back = ProcessSandboxes()
address = back.start(SandboxSetup(python=sys.executable)) if sys.argv[1] == "-" else sys.argv[1]
sandbox = back.open(address, SandboxLimits())
sandbox.write("a", "x" * 1000)
sandbox.shell().run("sleep 1000 & sleep 1001 &", timeout=60)
system = back.open(address, SandboxLimits(root="system"))
system.shell().run("setsid sleep 1002 & echo > /usr/left", timeout=60)
print(address, flush=True)
sandbox.python("import os\\nos.fork(); os.fork()\\nwhile True: pass", timeout=1000)
"""


class Back(ProcessSandboxes):
    """Knows its own processes from those that other tests of this worker keep."""

    def __init__(self) -> None:
        super().__init__()
        self._others = descendants(os.getpid()).keys()

    def processes(self) -> dict[int, str]:
        now = descendants(os.getpid())
        return {pid: line for pid, line in now.items() if pid not in self._others}


@pytest.fixture
def back() -> Iterator[Back]:
    made = Back()
    yield made
    made.stop()


def start(back: Back, **more: object) -> str:
    return back.start(SandboxSetup(python=sys.executable, **more))  # type: ignore[arg-type]  # its fields


def descendants(pid: int) -> dict[int, str]:
    """Every process below ``pid``, with its command line."""
    parents, lines = {}, {}
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            stat = Path(f"/proc/{name}/stat").read_text()
            lines[int(name)] = Path(f"/proc/{name}/cmdline").read_text().strip("\0 ")
        except OSError:
            continue
        parents[int(name)] = int(stat.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return {one: lines[one] for one in found - {pid}}


def eventually(condition: Callable[[], bool]) -> bool:
    """Poll: the kernel tells nobody when it has cleared up. Gives up after a while."""
    end = time.monotonic() + LONG
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def alive(pids: dict[int, str]) -> set[int]:
    return {pid for pid in pids if os.path.exists(f"/proc/{pid}")}


def in_background(call: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Run ``call`` in a thread; its result or exception ends up in the list."""
    outcome: list[object] = []

    def body() -> None:
        try:
            outcome.append(call())
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    return thread, outcome


def mounts() -> list[str]:
    """The machine's mounts, but for those of a container engine: it works beside these tests."""
    lines = Path("/proc/mounts").read_text().splitlines()
    return [line for line in lines if "docker" not in line]


class TestDeaths:
    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
    def test_the_controller_s_death_ends_all(self, number: int) -> None:
        before = mounts()
        command = [sys.executable, "-c", CONTROLLER, "-"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as controller:
            assert controller.stdout
            controller.stdout.readline()
            assert eventually(lambda: "python" in descendants(controller.pid).values())
            everything = descendants(controller.pid)
            controller.send_signal(number)
        assert len(everything) >= 10
        assert eventually(lambda: not alive(everything))
        assert mounts() == before

    def test_a_worker_s_death_ends_its_sandbox_only(self, back: Back) -> None:
        address = start(back)
        other = back.open(address, SandboxLimits())
        mine = os.getpid()
        quiet = len(descendants(mine))
        command = [sys.executable, "-c", CONTROLLER, address]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
            assert worker.stdout
            worker.stdout.readline()
            assert eventually(lambda: "python" in descendants(mine).values())
            worker.kill()
        assert eventually(lambda: len(descendants(mine)) == quiet)
        assert other.run("echo fine", timeout=LONG).text == "fine\n"
        other.close()

    @pytest.mark.parametrize(
        "victim", ["smallbench-broker", "smallbench-interpreter", "smallbench-sandbox", "launch.py"]
    )
    def test_what_dies_midway_is_an_error_and_no_hang(self, back: Back, victim: str) -> None:
        sandbox = back.open(start(back), SandboxLimits())
        thread, outcome = in_background(lambda: sandbox.python(BUSY, timeout=1000))
        assert eventually(lambda: "python" in back.processes().values())
        everything = back.processes()
        for pid, line in everything.items():
            if victim in line:
                os.kill(pid, signal.SIGKILL)
        thread.join()
        assert isinstance(outcome[0], SandboxError)
        sandbox.close()
        back.stop()
        assert eventually(lambda: not alive(everything))

    def test_closing_ends_a_run_in_another_thread(self, back: Back) -> None:
        sandbox = back.open(start(back), SandboxLimits())
        thread, outcome = in_background(lambda: sandbox.python(BUSY, timeout=1000))
        assert eventually(lambda: "python" in back.processes().values())
        sandbox.close()
        thread.join()
        assert "closed" in str(outcome[0])
        assert eventually(lambda: "python" not in back.processes().values())

    def test_closing_twice_and_using_it_then(self, back: Back) -> None:
        sandbox = back.open(start(back), SandboxLimits())
        shell = sandbox.shell()
        sandbox.close()
        sandbox.close()
        shell.close()
        with pytest.raises(SandboxError, match="closed"):
            sandbox.run("true", timeout=LONG)

    def test_stopping_twice(self, back: Back) -> None:
        address = start(back)
        back.stop()
        back.stop()
        with pytest.raises(SandboxError, match="not running"):
            back.open(address, SandboxLimits())

    def test_a_closed_sandbox_leaves_nothing(self, back: Back) -> None:
        address = start(back)
        back.open(address, SandboxLimits()).close()
        assert eventually(lambda: len(back.processes()) == 3)
        quiet = set(back.processes())
        before = mounts(), os.listdir("/dev/shm")
        sandbox = back.open(address, SandboxLimits())
        sandbox.write("a", "1")
        sandbox.run("echo > /dev/shm/left; setsid sleep 1000 &", timeout=LONG)
        sandbox.snapshot()
        sandbox.shell().run("sleep 1000 &", timeout=LONG)
        sandbox.close()
        assert eventually(lambda: set(back.processes()) == quiet)
        assert (mounts(), os.listdir("/dev/shm")) == before


class TestSlots:
    def test_waiting_is_not_charged(self, back: Back) -> None:
        address = start(back, slots=1)
        one, two = (back.open(address, SandboxLimits()) for _ in range(2))
        held = one.shell()
        thread, _ = in_background(lambda: held.run("sleep 2", timeout=LONG))
        assert eventually(lambda: "sleep" in str(back.processes().values()))
        done = two.run("echo 2", timeout=1.9)
        thread.join()
        assert (done.text, done.timed_out) == ("2\n", False)
        assert two.waited_s > 0
        one.close()
        two.close()

    def test_a_dead_sandbox_gives_its_slot_back(self, back: Back) -> None:
        address = start(back, slots=1)
        one, two = (back.open(address, SandboxLimits()) for _ in range(2))
        thread, _ = in_background(lambda: one.python(BUSY, timeout=1000))
        assert eventually(lambda: "python" in back.processes().values())
        waiting, outcome = in_background(lambda: two.run("echo 2", timeout=LONG).text)
        one.close()
        thread.join()
        waiting.join()
        assert outcome == ["2\n"]
        two.close()

    def test_many_sandboxes_and_threads(self, back: Back) -> None:
        address = start(back)

        def work(number: int) -> str:
            sandbox = back.open(address, SandboxLimits())
            sandbox.write("n", str(number))
            text = sandbox.python("print(open('n').read() * 2)", timeout=LONG).text
            sandbox.close()
            return text

        started = [in_background(lambda number=number: work(number)) for number in range(24)]  # type: ignore[misc]  # bound early
        for thread, _ in started:
            thread.join()
        assert [outcome[0] for _, outcome in started] == [f"{n}{n}\n" for n in range(24)]


class TestInterpreter:
    def test_modules_are_preloaded_and_missing_ones_passed_over(self, back: Back) -> None:
        sandbox = back.open(start(back, preload=("no_such_module", "wave")), SandboxLimits())
        code = "import sys; print('wave' in sys.modules, 'chunk' in sys.modules)"
        assert sandbox.python(code, timeout=LONG).text.startswith("True")
        sandbox.close()

    def test_a_module_that_starts_threads_is_left_out(self, back: Back, tmp_path: Path) -> None:
        loop = (
            "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
        )
        (tmp_path / "lasting_thread.py").write_text(loop)
        tmp_path.chmod(0o755)
        address = start(
            back, preload=("wave", "lasting_thread", "colorsys"), python_path=(str(tmp_path),)
        )
        sandbox = back.open(address, SandboxLimits())
        names = "('wave', 'lasting_thread', 'colorsys')"
        code = f"import sys; print([name in sys.modules for name in {names}])"
        assert sandbox.python(code, timeout=LONG).text == "[True, False, True]\n"
        assert sandbox.python("import lasting_thread", timeout=LONG).exit_code == 0
        sandbox.close()

    def test_a_module_that_writes_at_import_leaves_nothing(
        self, back: Back, tmp_path: Path
    ) -> None:
        name = f"smallbench-test-{os.getpid()}"
        (tmp_path / "writes.py").write_text(
            f"open('/tmp/{name}', 'w').close()\n"
            f"import os; os.makedirs(os.path.expanduser('~/{name}'))"
        )
        address = start(back, preload=("writes",), python_path=(str(tmp_path),))
        sandbox = back.open(address, SandboxLimits())
        sandbox.python("import writes", timeout=LONG)
        assert not os.path.exists(f"/tmp/{name}")
        assert not os.path.exists(os.path.expanduser(f"~/{name}"))
        sandbox.close()

    def test_a_private_home_shows_only_the_interpreter(self, back: Back, tmp_path: Path) -> None:
        home = tmp_path / "home"
        home.mkdir()
        (home / "diary").write_text("private")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "env"], check=True)
        home.chmod(0o700)
        python = str(home / "env" / "bin" / "python")
        sandbox = back.open(back.start(SandboxSetup(python=python)), SandboxLimits())
        code = "import sys, subprocess, os, sqlite3, decimal; print(sys.prefix)\n"
        code += "subprocess.run([sys.executable, '-c', 'import sys, json; print(sys.prefix)'])\n"
        code += f"sys.stdout.flush(); print(os.listdir({str(home)!r}))"
        done = sandbox.python(code, timeout=LONG)
        assert sorted(done.text.split()) == sorted([str(home / "env")] * 2 + ["['env']"])
        sandbox.close()

    def test_an_environment_may_lie_below_a_folder_that_is_a_link_inside(self, back: Back) -> None:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            Path(folder).chmod(0o755)
            env = f"{folder}/env"
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", env], check=True)
            address = back.start(SandboxSetup(python=f"{env}/bin/python"))
            sandbox = back.open(address, SandboxLimits())
            done = sandbox.python("import sys, sqlite3, csv; print(sys.prefix)", timeout=LONG)
            assert (done.text, done.stderr) == (f"{env}\n", b"")
            for box in (sandbox, back.open(address, SandboxLimits(root="system"))):
                assert box.run("echo 1 > /var/tmp/a && cat /var/tmp/a", timeout=LONG).text == "1\n"
                box.close()

    def test_readable_paths_are_shown_read_only(self, back: Back, tmp_path: Path) -> None:
        (tmp_path / "shown").mkdir(mode=0o755)
        (tmp_path / "shown" / "a").write_text("1")
        (tmp_path / "hidden").write_text("2")
        sandbox = back.open(start(back, readable=(str(tmp_path / "shown"),)), SandboxLimits())
        command = f"cd {tmp_path}; ls -R . ; cat shown/a; echo 2 > shown/a; echo 2 > shown/b"
        done = sandbox.run(command, timeout=LONG)
        assert done.text.split() == [".:", "shown", "./shown:", "a", "1"]
        assert done.stderr.count(b"Read-only") == 2
        sandbox.close()

    def test_one_that_does_not_start_is_named(self, back: Back, tmp_path: Path) -> None:
        for python in (tmp_path / "nothing", Path("/bin/false")):
            with pytest.raises(SandboxUnavailable) as caught:
                back.start(SandboxSetup(python=str(python)))
            assert "\n" not in str(caught.value)


class TestAdvice:
    def test_another_system_is_told_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "darwin")
        reason = ProcessSandboxes().unavailable()
        assert "darwin" in reason
        assert "--smallbench-sandbox=docker" in reason
        with pytest.raises(SandboxUnavailable, match="darwin"):
            ProcessSandboxes().start(SandboxSetup(python=sys.executable))

    def test_an_ordinary_user_is_told_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "getuid", lambda: 65534)
        text = advice.after("OSError: unshare(0x10000000): Operation not permitted")
        assert "\n" not in text
        assert "Operation not permitted" in text
        assert "--smallbench-sandbox=docker" in text

    def test_the_worker_s_side_is_light(self) -> None:
        code = "import sys\nfrom pytest_smallbench.sandboxes.process.client import ProcessSandbox\n"
        code += "heavy = {'asyncio', 'ctypes', 'numpy', 'multiprocessing', 'openai'}\n"
        code += "print(*heavy & set(sys.modules))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.stdout == "\n"
