"""What the stand-in for Modal runs a sandbox on: a bare root in namespaces of its own.

    python machine.py ROOT SHOWN PROGRAM ARGUMENT...

It is what Modal promises and no more: root in a Linux of its own without a network, all of it
writable, none of the folders laid that a guest expects. SHOWN says in JSON what of this machine
is to be seen in there, and where: it stands for what a build has laid in an image.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping

from pytest_smallbench.sandboxes.process import linux

_SPACES = (
    linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC
) | linux.CLONE_NEWUTS


def main(place: str, shown: Mapping[str, str], command: list[str]) -> None:
    linux.unshare(_SPACES)
    if pid := os.fork():
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    linux.prctl(linux.PR_SET_PDEATHSIG, 9)
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    linux.set_host_name("modal")
    linux.loopback_up()
    _furnish(place)
    for target, source in shown.items():
        os.makedirs(f"{place}/{target}", exist_ok=True)
        linux.mount(source, f"{place}/{target}", None, linux.MS_BIND | linux.MS_REC)
    os.chroot(place)
    os.chdir("/")
    os.execve(command[0], command, {"PATH": "/usr/bin:/bin"})


def _furnish(place: str) -> None:
    linux.mount("root", place, "tmpfs", 0, "mode=755")
    for name in ("dev", "etc", "proc", "root", "run", "tmp", "usr", "var/tmp"):
        os.makedirs(f"{place}/{name}")
    os.chmod(f"{place}/tmp", 0o1777)
    os.chmod(f"{place}/var/tmp", 0o1777)
    linux.mount("/usr", f"{place}/usr", None, linux.MS_BIND | linux.MS_REC)
    for name in ("bin", "lib", "lib64", "sbin"):
        if os.path.islink(f"/{name}"):
            os.symlink(f"usr/{name}", f"{place}/{name}")
    for name in ("null", "zero", "full", "random", "urandom"):
        open(f"{place}/dev/{name}", "w").close()
        linux.mount(f"/dev/{name}", f"{place}/dev/{name}", None, linux.MS_BIND)
    for name, target in {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}.items():
        os.symlink(f"/proc/self/fd{target}", f"{place}/dev/{name}")
    os.mkdir(f"{place}/dev/shm")
    for name, text in {"hosts": "127.0.0.1 localhost", "hostname": "modal"}.items():
        with open(f"{place}/etc/{name}", "w") as file:
            file.write(f"{text}\n")
    linux.mount("proc", f"{place}/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:])
