"""The sandbox contract: files, snapshots and forks."""

from __future__ import annotations

import pytest

from pytest_smallbench.contracts import Sandbox, SandboxLimits
from pytest_smallbench.errors import SandboxError

from .sandbox_runs import LONG, OpenSandbox


class TestFiles:
    def test_bytes_come_back(self, sandbox: Sandbox) -> None:
        content = bytes(range(256)) * 10
        sandbox.write("deep/er/a.bin", content)
        assert sandbox.read("/work/deep/er/a.bin") == content
        assert sandbox.run("wc -c < deep/er/a.bin", timeout=LONG).text.strip() == "2560"

    def test_text_is_utf_8(self, sandbox: Sandbox) -> None:
        sandbox.write("a.txt", "ä€\r\n")
        assert sandbox.read("a.txt") == "ä€\r\n".encode()
        assert sandbox.read_text("a.txt") == "ä€\r\n"

    def test_large_files(self, sandbox: Sandbox) -> None:
        content = b"0123456789abcdef" * (4 << 20)
        sandbox.write("/tmp/large", content)
        assert sandbox.read("/tmp/large") == content

    @pytest.mark.parametrize("name", ["a b", "ü.txt", "new\nline", "-rf", "$(x)", "\udcff", "'"])
    def test_odd_names(self, sandbox: Sandbox, name: str) -> None:
        sandbox.write(f"odd/{name}", name.encode("utf-8", "surrogateescape"))
        assert sandbox.read(f"odd/{name}") == name.encode("utf-8", "surrogateescape")
        assert sandbox.run("ls odd | wc -l", timeout=LONG).text.strip() in ("1", "2")

    def test_writing_replaces(self, sandbox: Sandbox) -> None:
        sandbox.write("a", "long content")
        sandbox.write("a", "short")
        assert sandbox.read("a") == b"short"

    def test_programs_own_what_is_written(self, sandbox: Sandbox) -> None:
        sandbox.write("d/a", "1")
        done = sandbox.run("echo 2 >> d/a && chmod 755 d/a && mv d/a d/b && cat d/b", timeout=LONG)
        assert done.text == "12\n"

    def test_what_is_not_there(self, sandbox: Sandbox) -> None:
        with pytest.raises(FileNotFoundError):
            sandbox.read("nothing")

    def test_a_folder_is_no_file(self, sandbox: Sandbox) -> None:
        sandbox.write("folder/file", "")
        with pytest.raises(IsADirectoryError):
            sandbox.read("folder")
        with pytest.raises(IsADirectoryError):
            sandbox.write("folder", "x")

    def test_what_may_not_be_read(self, sandbox: Sandbox) -> None:
        sandbox.write("locked", "x")
        sandbox.run("chmod 000 locked", timeout=LONG)
        with pytest.raises(PermissionError):
            sandbox.read("locked")

    @pytest.mark.parametrize("path", ["/etc/x", "/usr/x", "/x", "/bin/sh", "/etc/passwd"])
    def test_the_runtime_may_not_be_written(self, sandbox: Sandbox, path: str) -> None:
        with pytest.raises(OSError, match=r"Read-only|Permission"):
            sandbox.write(path, "x")

    def test_pipes_and_devices_do_not_hang(self, sandbox: Sandbox) -> None:
        sandbox.run("mkfifo pipe; ln -s /dev/zero zero", timeout=LONG)
        for path in ("pipe", "zero", "/dev/zero", "/dev/random"):
            with pytest.raises(PermissionError):
                sandbox.read(path)
        with pytest.raises(OSError, match="pipe"):
            sandbox.write("pipe", "x")

    def test_links_lead_nowhere_else(self, sandbox: Sandbox) -> None:
        """A link is followed inside: what it names of the host is not there."""
        sandbox.run("ln -s /etc/shadow s; ln -s /proc/1/environ e; ln -s / root", timeout=LONG)
        for path in ("s", "e", "root/etc/shadow"):
            with pytest.raises((FileNotFoundError, PermissionError)):
                sandbox.read(path)
        with pytest.raises(OSError, match=r"Read-only|Permission"):
            sandbox.write("root/usr/x", "x")

    def test_home_and_tmp_are_writable(self, sandbox: Sandbox) -> None:
        command = "echo 1 > ~/a; echo 2 > /tmp/a; echo 3 > /dev/shm/a; cat ~/a /tmp/a /dev/shm/a"
        assert sandbox.run(command, timeout=LONG).text == "1\n2\n3\n"

    def test_a_full_disk_is_told(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(disk=4 << 20))
        with pytest.raises(OSError, match="No space"):
            sandbox.write("big", bytes(8 << 20))


TREE = """
mkdir -p d/e; echo one > d/one; ln d/one d/hard; ln -s one d/soft; ln -s nowhere broken
mkfifo pipe; chmod 640 d/one; chmod 500 d/e; touch -d '2001-02-03 04:05:06' d/one d
truncate -s 300M sparse; echo end >> sparse; echo t > /tmp/t; echo h > ~/.h
printf 'a\\nb' > "$(printf 'new\\nline')"
"""
LIST = "find . /tmp/t ~ -printf '%p %y %m %n %l %s %TY-%Tm-%Td\\n' | grep -v '^[.] ' | sort"


class TestSnapshots:
    def test_restore_brings_all_files_back(self, sandbox: Sandbox) -> None:
        sandbox.run(TREE, timeout=LONG)
        before = sandbox.run(LIST, timeout=LONG).text
        snapshot = sandbox.snapshot()
        sandbox.run("chmod -R 700 .; rm -rf * /tmp/* ~/.h; echo new > new", timeout=LONG)
        sandbox.restore(snapshot)
        assert sandbox.run(LIST, timeout=LONG).text == before
        assert sandbox.run("tail -c 4 sparse; cat d/soft", timeout=LONG).text == "end\none\n"

    def test_several_snapshots_in_any_order(self, sandbox: Sandbox) -> None:
        kept = []
        for number in range(3):
            sandbox.write("n", str(number))
            kept.append(sandbox.snapshot())
        for number in (2, 0, 1):
            sandbox.restore(kept[number])
            assert sandbox.read("n") == str(number).encode()

    def test_fork_is_another_sandbox(self, sandbox: Sandbox) -> None:
        sandbox.run(TREE, timeout=LONG)
        other = sandbox.fork(sandbox.snapshot())
        try:
            assert other.run(LIST, timeout=LONG).text == sandbox.run(LIST, timeout=LONG).text
            other.write("only", "here")
            with pytest.raises(FileNotFoundError):
                sandbox.read("only")
        finally:
            other.close()

    def test_a_fork_outlives_its_origin(self, open_sandbox: OpenSandbox) -> None:
        origin = open_sandbox()
        origin.write("a", "1")
        other = origin.fork(origin.snapshot())
        origin.close()
        try:
            assert other.read("a") == b"1"
        finally:
            other.close()

    def test_an_unknown_snapshot(self, sandbox: Sandbox) -> None:
        with pytest.raises(SandboxError, match="no snapshot"):
            sandbox.restore("never")
        with pytest.raises(SandboxError, match="no snapshot"):
            sandbox.fork("never")
        assert sandbox.run("echo fine", timeout=LONG).text == "fine\n"

    def test_a_shell_starts_anew(self, sandbox: Sandbox) -> None:
        shell = sandbox.shell()
        shell.run("cd /tmp; x=1; sleep 1000 &", timeout=LONG)
        sandbox.restore(sandbox.snapshot())
        assert shell.run("pwd; echo [$x]; jobs", timeout=LONG).text == "/work\n[]\n"

    def test_they_are_not_to_be_found_inside(self, sandbox: Sandbox) -> None:
        sandbox.write("secret", "colour=indigo-7261")
        sandbox.snapshot()
        sandbox.run("rm secret", timeout=LONG)
        search = (
            "find / /work /tmp ~ /run -xdev -path /dev -prune -o -type f -exec grep -l {} {{}} +"
        )
        done = sandbox.run(search.format("indigo-7261"), timeout=LONG)
        assert (done.stdout, done.timed_out) == (b"", False)

    def test_their_room_is_limited(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(disk=8 << 20))
        sandbox.write("a", b"x" * (5 << 20))
        sandbox.snapshot()
        with pytest.raises(SandboxError, match="room"):
            sandbox.snapshot()

    def test_folders_without_end(self, sandbox: Sandbox) -> None:
        """A tree that is too deep is refused, and does no harm."""
        code = "import os\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')"
        sandbox.python(code, timeout=LONG)
        with pytest.raises(SandboxError, match="deep"):
            sandbox.snapshot()
        assert sandbox.run("echo fine", timeout=LONG).text == "fine\n"
