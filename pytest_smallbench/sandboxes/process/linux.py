"""The Linux calls that the standard library lacks, through ctypes. Each raises OSError.

Like every file here that does not say otherwise, this one also runs in the grading
interpreter, where this package is not installed: standard library only.
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import os
import platform
import re
import socket
import struct
from collections.abc import Collection

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_NOATIME = 1024
MS_NODIRATIME = 2048
MS_BIND = 4096
MS_MOVE = 8192
MS_REC = 16384
MS_PRIVATE = 1 << 18
MS_RELATIME = 1 << 21
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
PR_CAP_AMBIENT_CLEAR_ALL = 4

_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1
_CAPABILITY_HEADER = struct.pack("=Ii", 0x20080522, 0)
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _text(value: str | None) -> bytes | None:
    return None if value is None else os.fsencode(value)


def unshare(flags: int) -> None:
    _check(_libc.unshare(ctypes.c_int(flags)), f"unshare({flags:#x})")


def setns(descriptor: int, kind: int) -> None:
    _check(_libc.setns(ctypes.c_int(descriptor), ctypes.c_int(kind)), "setns")


def mount(
    source: str | None, target: str, kind: str | None = None, flags: int = 0, data: str = ""
) -> None:
    result = _libc.mount(
        _text(source),
        _text(target),
        _text(kind),
        ctypes.c_ulong(flags),
        _text(data) if data else None,
    )
    _check(result, f"mount {kind or 'bind'} on {target}")


def unmount(target: str) -> None:
    _check(_libc.umount2(_text(target), ctypes.c_int(MNT_DETACH)), f"unmount {target}")


def pivot_root(new: str, old: str) -> None:
    number = _PIVOT_ROOT[platform.machine()]
    _check(_libc.syscall(ctypes.c_long(number), _text(new), _text(old)), "pivot_root")


def prctl(option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    _check(_libc.prctl(ctypes.c_int(option), *padded), f"prctl({option})")


def drop_capabilities() -> None:
    """Give up every capability, for good: bounding and ambient sets as well."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # the kernel knows no more of them
            break
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


def clear_capabilities() -> None:
    """Empty the permitted, effective and inheritable sets."""
    _check(_libc.capset(_CAPABILITY_HEADER, bytes(24)), "capset")


def keep_capabilities_at_exec() -> None:
    """Let the next program have every capability that this process has."""
    sets = ctypes.create_string_buffer(24)
    _check(_libc.capget(_CAPABILITY_HEADER, sets), "capget")
    words = list(struct.unpack("6I", sets.raw))  # effective, permitted, inheritable, twice
    words[2], words[5] = words[1], words[4]
    _check(_libc.capset(_CAPABILITY_HEADER, struct.pack("6I", *words)), "capset")
    for capability in range(64):
        if (words[1] | words[4] << 32) >> capability & 1:
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def set_capabilities(kept: Collection[int]) -> None:
    """Have these capabilities and, for good, no other: this process and all its programs."""
    for capability in range(64):
        if capability not in kept:
            try:
                prctl(PR_CAPBSET_DROP, capability)
            except OSError:  # the kernel knows no more of them
                break
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    low = sum(1 << capability for capability in kept)
    sets = struct.pack("6I", low, low, 0, 0, 0, 0)  # effective, permitted, inheritable, twice
    _check(_libc.capset(_CAPABILITY_HEADER, sets), "capset")


@functools.cache
def in_first_user_namespace() -> bool:
    """Whether root is the machine's own: as it was when this process, or the one that it is a
    fork of, asked first."""
    with open("/proc/self/uid_map", encoding="ascii") as file:
        return file.read().split() == ["0", "0", "4294967295"]


def enter_user_namespace(uid: tuple[int, int], gid: tuple[int, int]) -> None:
    """Make a user namespace with one id of each kind: (inside, outside)."""
    # Opened before: inside, this process may enter no folder that is closed to strangers.
    proc = os.open("/proc/self", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    unshare(CLONE_NEWUSER)
    prctl(PR_SET_DUMPABLE, 1)  # or the files below belong to root
    maps = {"uid_map": uid, "gid_map": gid}
    texts = {name: f"{inside} {outside} 1" for name, (inside, outside) in maps.items()}
    for name, text in {"setgroups": "deny", **texts}.items():
        file = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
        os.write(file, text.encode())
        os.close(file)
    os.close(proc)


def counts_pids_by_namespace() -> bool:
    """Whether kernel.pid_max is each PID namespace's own; before Linux 6.14 it is the machine's."""
    major, minor = re.match(r"(\d+)\.(\d+)", platform.release() or "0.0").groups()  # type: ignore[union-attr]  # Linux names its releases so
    return (int(major), int(minor)) >= (6, 14)


def set_host_name(name: str) -> None:
    text = name.encode()
    _check(_libc.sethostname(text, ctypes.c_size_t(len(text))), "sethostname")


def loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh22x", b"lo", 0)
        answer = fcntl.ioctl(probe.fileno(), _SIOCGIFFLAGS, request)
        flags = struct.unpack_from("16xh", answer)[0] | _IFF_UP
        fcntl.ioctl(probe.fileno(), _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags))


def set_command_line(title: bytes) -> None:
    """Overwrite what ``ps`` and /proc/self/cmdline show of this process.

    It is the script's own path on the host that must not be read inside a sandbox.
    """
    with open("/proc/self/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    start, end = int(fields[45]), int(fields[46])  # arg_start and arg_end, counted from state
    if 0 < start < end:
        ctypes.memmove(start, title[: end - start - 1].ljust(end - start, b"\0"), end - start)
