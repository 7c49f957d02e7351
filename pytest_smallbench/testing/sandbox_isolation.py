"""The sandbox contract: what is not to be seen or reached from inside."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from pytest_smallbench.contracts import Sandbox

from .sandbox_runs import LONG, OpenSandbox


class TestNetwork:
    def test_the_host_s_servers_cannot_be_reached(self, sandbox: Sandbox) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            code = f"import socket; socket.create_connection(('127.0.0.1', {port}), timeout=5)"
            done = sandbox.python(code, timeout=LONG)
        assert b"ConnectionRefusedError" in done.stderr

    def test_abstract_sockets_of_the_host_cannot_be_reached(self, sandbox: Sandbox) -> None:
        name = f"smallbench-test-{os.getpid()}"
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("\0" + name)
            server.listen()
            code = f"import socket; socket.socket(socket.AF_UNIX).connect(chr(0) + {name!r})"
            done = sandbox.python(code, timeout=LONG)
        assert b"ConnectionRefusedError" in done.stderr

    @pytest.mark.parametrize("place", ["192.0.2.1", "10.0.0.1", "169.254.169.254", "2001:db8::1"])
    def test_nothing_else_can_be_reached(self, sandbox: Sandbox, place: str) -> None:
        code = f"import socket; socket.create_connection(({place!r}, 80), timeout=5)"
        error = sandbox.python(code, timeout=LONG).stderr
        assert b"unreachable" in error or b"Cannot assign requested address" in error

    def test_loopback_works(self, sandbox: Sandbox) -> None:
        code = """
import socket
with socket.create_server(("localhost", 0)) as server:
    with socket.create_connection(server.getsockname()) as client:
        client.sendall(b"hello")
        print(server.accept()[0].recv(5))
"""
        assert sandbox.python(code, timeout=LONG).text == "b'hello'\n"

    @pytest.mark.parametrize("family", [40, 17, 38, 44, 29])  # vsock, packet, alg, xdp, can
    def test_families_that_no_namespace_bounds(self, sandbox: Sandbox, family: int) -> None:
        code = f"import socket; socket.socket({family}, socket.SOCK_STREAM)"
        assert b"OSError" in sandbox.python(code, timeout=LONG).stderr


class TestHost:
    def test_its_files_are_not_there(self, sandbox: Sandbox, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("colour=indigo-7261")
        os.chmod(secret, 0o666)
        assert sandbox.run(["ls", "-d", str(secret)], timeout=LONG).exit_code != 0
        for path in ("/etc/shadow", "/etc/machine-id", "/proc/1/root/etc/hostname"):
            done = sandbox.run(["cat", path], timeout=LONG)  # an image may have one of its own
            assert done.exit_code != 0 or done.stdout != Path(path).read_bytes(), path

    def test_its_name_is_not_told(self, sandbox: Sandbox) -> None:
        code = "import os, socket; print(os.uname().nodename, socket.gethostname())"
        done = sandbox.python(code + "; print(open('/etc/hostname').read())", timeout=LONG)
        assert socket.gethostname() not in done.text.split()

    def test_its_environment_is_not_there(self, sandbox: Sandbox) -> None:
        """The module that opens the sandboxes must have set this variable before."""
        os.environ.setdefault("SMALLBENCH_TEST_SECRET", "indigo-7261")
        command = "env; cat /proc/*/environ /proc/self/environ 2>/dev/null"
        assert b"indigo-7261" not in sandbox.run(command, timeout=LONG).stdout
        code = "import os; print(os.environ); print(open('/proc/1/environ').read())"
        assert b"indigo-7261" not in sandbox.python(code, timeout=LONG).stdout

    def test_nothing_but_its_own_folders_is_writable(self, sandbox: Sandbox) -> None:
        code = """
import os, sys
own = ("/work", "/tmp", "/dev/shm", "/proc", os.path.expanduser("~"))
large = ("/usr/lib/", "/usr/share/", os.path.join(sys.base_prefix, "lib"))
for top, folders, files in os.walk("/"):
    if top.startswith((*own, *large)):
        folders.clear()
        continue
    for path in [top, *(os.path.join(top, name) for name in files)]:
        if os.access(path, os.W_OK) and not os.path.islink(path) and not top.startswith("/dev"):
            if not os.stat(path).st_mode & 0o140000 == 0o140000: print(path)
"""
        done = sandbox.python(code, timeout=LONG)
        writable = [path for path in done.text.split() if not path.startswith("/run/sandbox/")]
        assert writable == []
        assert done.exit_code == 0

    def test_its_processes_are_not_there(self, sandbox: Sandbox) -> None:
        code = "import os; print(*(n for n in os.listdir('/proc') if n.isdigit()))"
        few = 8  # the run's own and, where one wall is around all of it, the sandbox's
        assert len(sandbox.python(code, timeout=LONG).text.split()) <= few
        marker = f"[{str(os.getpid())[0]}]ytest"
        assert "pytest" not in sandbox.run("cat /proc/*/cmdline", timeout=LONG).text, marker

    def test_the_kernel_keeps_its_affairs(self, sandbox: Sandbox) -> None:
        for path in ("/proc/kcore", "/proc/keys", "/proc/kmsg", "/dev/kmsg", "/dev/mem"):
            done = sandbox.run(["head", "-c", "10", path], timeout=LONG)
            assert done.stdout == b"", path
        done = sandbox.run("echo 1 > /proc/sys/kernel/hostname", timeout=LONG)
        assert done.exit_code != 0
        assert sandbox.run("echo c > /proc/sysrq-trigger; dmesg", timeout=LONG).stdout == b""

    def test_no_privilege_is_left(self, sandbox: Sandbox) -> None:
        code = """
import os
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(os.getuid() == 0, {int(status[name], 16) for name in status if name.startswith("Cap")},
      status["NoNewPrivs"].strip(), status["Seccomp"].strip())
"""
        assert sandbox.python(code, timeout=LONG).text == "False {0} 1 2\n"
        command = "grep -E 'Cap|NoNewPrivs|Seccomp:' /proc/self/status | tr -d '0\\n\\t'"
        lines = sandbox.run(command, timeout=LONG).text
        assert lines == "CapInh:CapPrm:CapEff:CapBnd:CapAmb:NoNewPrivs:1Seccomp:2"


class TestNeighbours:
    def test_they_share_no_files(self, open_sandbox: OpenSandbox) -> None:
        one, two = open_sandbox(), open_sandbox()
        for path in ("/work/a", "/tmp/a", "/dev/shm/a"):
            one.write(path, "1")
            with pytest.raises(FileNotFoundError):
                two.read(path)

    def test_a_run_leaves_nothing_in_the_next_one_s_memory(self, open_sandbox: OpenSandbox) -> None:
        """What one sandbox was sent is nowhere in the memory of another one's program."""
        marker = "indigo-" + "7261"
        one = open_sandbox()
        one.python(f"x = {marker!r}", payload=marker.encode() * 100, timeout=LONG)
        one.write("a", marker)
        two = open_sandbox()
        code = """
import ctypes
found = 0
wanted = bytes(byte ^ 1 for byte in bytes.fromhex(__payload__.decode()))
for line in open("/proc/self/maps"):
    span, mode = line.split()[:2]
    if mode.startswith("rw") and "[v" not in line:
        start, end = (int(part, 16) for part in span.split("-"))
        found += ctypes.string_at(start, end - start).count(wanted)
print(found <= 2)  # this program's own copies
"""
        hidden = bytes(byte ^ 1 for byte in marker.encode()).hex().encode()
        assert two.python(code, payload=hidden, timeout=LONG).text == "True\n"

    def test_the_sandbox_s_own_code_is_not_in_sight(self, sandbox: Sandbox) -> None:
        code = """
import gc, os, sys
frame, names = sys._getframe(), []
while frame := frame.f_back:
    names += [name for name in frame.f_globals if name in ("socket", "broker", "job", "keeper")]
modules = [name for name in sys.modules if "smallbench" in name and "editable" not in name]
print(names, modules, sorted(map(int, os.listdir("/proc/self/fd")))[:-1])
"""
        assert sandbox.python(code, timeout=LONG).text == "[] [] [0, 1, 2]\n"
