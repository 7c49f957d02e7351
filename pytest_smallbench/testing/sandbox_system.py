"""The contract of a sandbox with a system root, for the backs that offer one.

Import it all beside ``sandbox_contract``; it uses the same fixture ``open_sandbox``.
"""

from __future__ import annotations

import os

import pytest

from pytest_smallbench.contracts import SandboxLimits
from pytest_smallbench.errors import SandboxError

from .sandbox_runs import LONG, OpenSandbox

__all__ = ["TestSealed", "TestSystem", "TestSystemFiles", "TestSystemHarm", "TestUsers"]

SYSTEM = SandboxLimits(root="system", memory=1 << 30, disk=256 << 20, processes=100)


class TestSystem:
    def test_code_is_root_in_its_home(self, open_sandbox: OpenSandbox) -> None:
        done = open_sandbox(SYSTEM).run("id -u; pwd; echo $HOME $USER; umask", timeout=LONG)
        assert done.text == "0\n/root\n/root root\n0022\n"

    @pytest.mark.parametrize("path", ["/x", "/etc/x", "/usr/x", "/usr/local/bin/x", "/var/x"])
    def test_all_of_it_is_writable(self, open_sandbox: OpenSandbox, path: str) -> None:
        sandbox = open_sandbox(SYSTEM)
        assert sandbox.run(f"echo 1 > {path}; cat {path}; rm {path}", timeout=LONG).text == "1\n"
        sandbox.write(path, "2")
        assert sandbox.read(path) == b"2"

    def test_programs_can_be_replaced_and_removed(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        command = "cd /usr/bin; rm od nl; echo 'echo mine' > od; chmod 755 od"
        sandbox.run(command, timeout=LONG)
        assert sandbox.run("od; nl", timeout=LONG).text == "mine\n"
        assert open_sandbox(SYSTEM).run("echo a | nl | wc -l", timeout=LONG).text == "1\n"

    def test_the_host_is_not_in_sight(self, open_sandbox: OpenSandbox) -> None:
        command = f"ls -A /home /mnt /opt /srv /tmp /sys; ls {os.getcwd()}; cat /proc/*/cmdline"
        text = open_sandbox(SYSTEM).run(command, timeout=LONG).text
        # This command's own line names the folder; a checkout may well be called pytest-...
        assert "pytest" not in text.replace(os.getcwd(), "")
        assert text.startswith("/home:\n\n/mnt:\n\n/opt:\n\n/srv:\n\n/sys:\n\n/tmp:\n")
        passwd = open_sandbox(SYSTEM).read_text("/etc/passwd")
        assert {line.split(":")[0] for line in passwd.splitlines()} >= {"root", "nobody"}
        assert "sandbox" not in passwd

    def test_no_privilege_over_the_kernel(self, open_sandbox: OpenSandbox) -> None:
        command = "grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status"
        words = open_sandbox(SYSTEM).run(command, timeout=LONG).text.split()
        assert words == [
            *("CapEff:", "00000000000000fb"),
            *("CapBnd:", "00000000000000fb"),
            *("NoNewPrivs:", "1"),
            *("Seccomp:", "2"),
        ]

    @pytest.mark.parametrize(
        "command",
        [
            "mount -t tmpfs none /mnt",
            "umount /proc",
            "mknod /dev/x b 8 0",
            "mknod /root/x c 1 5",
            "chroot /usr true",
            "hostname other",
            "echo 1 > /proc/sys/kernel/panic",
            "echo b > /proc/sysrq-trigger && test -s /proc/sysrq-trigger",
            "rmdir /usr",
            "mv /run /run2",
            "rm /run/sandbox/passwd",
            "unshare -r true",
            # What these name is the host's own; they change nothing even where they work.
            "chmod 666 /dev/null",
            "chown 0:0 /dev/zero",
            "chmod 444 /proc/meminfo",
            "chown 0:0 /proc/version",
            "head -c 1 /proc/1/environ",
            "ls /proc/1/root/",
        ],
    )
    def test_what_root_may_not(self, open_sandbox: OpenSandbox, command: str) -> None:
        assert open_sandbox(SYSTEM).run(command, timeout=LONG).exit_code != 0

    def test_no_network_but_loopback(self, open_sandbox: OpenSandbox) -> None:
        done = open_sandbox(SYSTEM).run("cat /proc/net/dev | tail -n +3", timeout=LONG)
        assert [line.split(":")[0].strip() for line in done.text.splitlines()] == ["lo"]

    def test_variables_and_folder_of_a_shell(self, open_sandbox: OpenSandbox) -> None:
        shell = open_sandbox(SYSTEM).shell(env={"HOME": "/srv"}, cwd="/srv")
        assert shell.run("pwd; echo ~ $-", timeout=LONG).text.startswith("/srv\n/srv ")
        assert shell.run("shopt -q login_shell && echo login", timeout=LONG).text == "login\n"

    def test_the_preloaded_interpreter_is_not_there(self, open_sandbox: OpenSandbox) -> None:
        with pytest.raises(SandboxError, match="python3"):
            open_sandbox(SYSTEM).python("print(1)", timeout=LONG)


TREE = """
mkdir -p /opt/d; echo one > /opt/d/a; ln /opt/d/a /opt/d/hard; ln -s a /opt/d/soft
mkfifo /opt/pipe; chmod 2750 /opt/d; touch -d '2001-02-03 04:05:06' /opt/d/a /opt/d
rm -r /var/log; mkdir /var/log; echo new > /var/log/new; rm /usr/bin/nl; echo x >> /etc/hosts
"""
LIST = (
    "find /opt /var /usr/bin/nl /etc/hosts -printf '%p %y %m %n %l %s %TY-%Tm-%Td\\n' 2>&1 | sort"
)
LIST += "; cat /etc/hosts /opt/d/hard"


class TestSystemFiles:
    def test_restore_brings_all_of_them_back(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        sandbox.run(TREE, timeout=LONG)
        before = sandbox.run(LIST, timeout=LONG).text
        assert "/var/log/lastlog" not in before
        snapshot = sandbox.snapshot()
        sandbox.run("rm -rf /opt/* /etc/hosts /var/*; touch /usr/bin/nl", timeout=LONG)
        sandbox.restore(snapshot)
        assert sandbox.run(LIST, timeout=LONG).text == before

    def test_a_fork_has_them_and_goes_its_own_way(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        sandbox.run(TREE, timeout=LONG)
        fork = sandbox.fork(sandbox.snapshot())
        assert fork.run(LIST, timeout=LONG).text == sandbox.run(LIST, timeout=LONG).text
        fork.run("rm -r /opt/d", timeout=LONG)
        assert sandbox.run("cat /opt/d/a", timeout=LONG).text == "one\n"
        fork.close()

    def test_times_are_the_same_in_each(self, open_sandbox: OpenSandbox) -> None:
        command = "ls -la --time-style=full-iso / /etc /root /var /usr/local | grep -v ' proc$'"
        texts = {open_sandbox(SYSTEM).run(command, timeout=LONG).text for _ in range(2)}
        assert len(texts) == 1

    def test_a_full_disk_is_told(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SandboxLimits(root="system", disk=8 << 20))
        done = sandbox.run("head -c 50M /dev/zero > /usr/big", timeout=LONG)
        assert b"No space" in done.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="an ordinary user has no other user's id to give")
class TestUsers:
    def test_users_can_be_made_and_become(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        command = "useradd -m jo && su - jo -c 'id -un; pwd; cat /etc/shadow; touch /x'"
        done = sandbox.run(command, timeout=LONG)
        assert done.text == "jo\n/home/jo\n"
        assert done.stderr.count(b"denied") == 2

    def test_no_way_back_to_root(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        sandbox.run("useradd -m jo; cp /bin/bash /tmp/sh; chmod 4755 /tmp/sh", timeout=LONG)
        assert sandbox.run("su jo -c '/tmp/sh -p -c \"id -u\"'", timeout=LONG).text != "0\n"

    def test_modes_of_programs_stay_in_a_sealed_one(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        sandbox.run("chmod 4711 /usr/bin/od; echo >> /usr/bin/od", timeout=LONG)
        sealed = sandbox.fork(sandbox.snapshot(), sealed=True)
        command = "stat -c '%a %U' /usr/bin/od; printf A | od -An -c"
        assert sealed.run(command, timeout=LONG).text == "4711 root\n   A\n"
        sealed.close()

    def test_owners_are_in_a_snapshot(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        sandbox.run("useradd -u 1234 jo; touch /opt/a; chown jo:33 /opt/a", timeout=LONG)
        fork = sandbox.fork(sandbox.snapshot())
        assert fork.run("stat -c '%U %u %g' /opt/a", timeout=LONG).text == "jo 1234 33\n"
        fork.close()


# Each of these makes a program say "pwned", or a command that is not there succeed.
TRICKS = [
    "printf '#!/bin/sh\\necho pwned\\n' > /usr/bin/od",
    "printf '#!/bin/sh\\necho pwned\\n' > /tmp/x; chmod 755 /tmp/x; mv /tmp/x /usr/bin/od",
    "rm /usr/bin/od; ln -s /bin/echo /usr/bin/od",
    "rm /usr/bin/od; mkdir /usr/bin/od",
    "rm /usr/bin/od",
    'python3 -c \'import os, shutil; shutil.rmtree("/usr/bin"); os.mkdir("/usr/bin")\'',
    "rm -rf /usr/bin",
    "rm /bin; mkdir /bin",
    "echo /tmp/evil.so > /etc/ld.so.preload",
    "rm -rf /etc; mkdir /etc; echo /tmp/evil.so > /etc/ld.so.preload",
    "rm -rf /etc; ln -s /tmp /etc; echo /tmp/evil.so > /tmp/ld.so.preload",
    "echo > /etc/ld.so.cache; echo > /usr/lib/x86_64-linux-gnu/libc.so.6",
    "ln -f /bin/echo /usr/bin/od",
]


class TestSealed:
    @pytest.mark.parametrize("trick", TRICKS)
    def test_programs_are_as_they_came(self, open_sandbox: OpenSandbox, trick: str) -> None:
        sandbox = open_sandbox(SYSTEM)
        sandbox.run(trick, timeout=LONG)
        sealed = sandbox.fork(sandbox.snapshot(), sealed=True)
        done = sealed.run("printf A | od -An -c", timeout=LONG)
        assert (done.text, done.stderr) == ("   A\n", b"")
        sealed.close()

    def test_python_starts_nothing_that_was_added(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        for folder in ("/usr/lib/python3/dist-packages", "/usr/local/lib/python3.11/site-packages"):
            sandbox.run(
                f"mkdir -p {folder}; echo 'print(\"pwned\")' > {folder}/sitecustomize.py",
                timeout=LONG,
            )
        sealed = sandbox.fork(sandbox.snapshot(), sealed=True)
        assert "pwned" not in sealed.run("python3 -c ''", timeout=LONG).text
        sealed.close()

    def test_what_is_new_and_what_is_data_stays(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        command = "printf '#!/bin/sh\\necho new\\n' > /usr/local/bin/new; echo data > /srv/data; "
        command += "chmod 755 /usr/local/bin/new; echo a::b > /etc/passwd"
        sandbox.run(command, timeout=LONG)
        sealed = sandbox.fork(sandbox.snapshot(), sealed=True)
        done = sealed.run("new; cat /srv/data /etc/passwd", timeout=LONG)
        assert done.text == "new\ndata\na::b\n"
        sealed.close()

    def test_only_folders_of_data_can_be_written(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        sandbox.run("rm -r /srv; ln -s /etc /srv", timeout=LONG)
        sealed = sandbox.fork(sandbox.snapshot(), sealed=True)
        command = "for d in / /etc /usr /usr/bin /usr/local/bin /srv; do touch $d/x; done; "
        command += "for d in /root /home /tmp /var /opt; do touch $d/x || echo no; done"
        done = sealed.run(command, timeout=LONG)
        assert done.text == ""
        assert done.stderr.count(b"Read-only") == 6
        sealed.close()

    def test_another_root_has_nothing_to_seal(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox()
        sandbox.write("a", "1")
        sealed = sandbox.fork(sandbox.snapshot(), sealed=True)
        assert sealed.read("a") == b"1"
        sealed.close()


class TestSystemHarm:
    @pytest.mark.parametrize(
        "command",
        [
            "kill -9 -1",
            "kill -STOP 1; kill -9 1",
            "pkill -9 .",
            "rm -rf /bin /sbin /lib* /usr/bin /usr/sbin /etc /root /home /var /tmp",
            "chmod -R 000 /etc /root",
            "chmod 000 /",
            "echo > /etc/passwd",
            "exec sleep 0",
            "rm -rf /run/* /dev/* /tmp",
        ],
    )
    def test_it_can_still_be_looked_at(self, open_sandbox: OpenSandbox, command: str) -> None:
        sandbox = open_sandbox(SYSTEM)
        sandbox.shell().run(command, timeout=LONG)
        sealed = sandbox.fork(sandbox.snapshot(), sealed=True)
        assert sealed.run("/usr/bin/id -u", cwd="/", timeout=LONG).text == "0\n"
        sealed.close()

    def test_too_many_processes_end_it(self, open_sandbox: OpenSandbox) -> None:
        sandbox = open_sandbox(SYSTEM)
        done = sandbox.run(["/bin/bash", "-c", "f() { f | f & }; f; sleep 1"], timeout=LONG)
        assert done.killed == "processes" or b"Resource temporarily" in done.stderr
        assert sandbox.run("echo fine", timeout=LONG).text == "fine\n"
