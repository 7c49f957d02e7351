"""The file system that sandboxed code sees, in three layers.

    base    made once by the broker: the runtime, read-only, on a small tmpfs
    box     one a sandbox: a tmpfs of limited size with /work, /tmp, home and /dev/shm
    view    one a run: the box without its keeper's corner, and a /proc of its own

All of it lives in private mount namespaces: when the last process is gone, so is it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from . import linux

BOX = "/.box"
RUN = "/run/sandbox"
HOME = "/home/sandbox"
FOLDERS = {"work": "/work", "tmp": "/tmp", "home": HOME, "shm": "/dev/shm"}
KEPT = ("work", "tmp", "home")  # what a snapshot remembers

RESERVED_PIDS = 301  # the least that the kernel takes for pid_max

_STASH = "/.runtime"
_OLD = "/.host"
_PLAIN = linux.MS_NOSUID | linux.MS_NODEV
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {
    "/dev/fd": "/proc/self/fd",
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
    "/etc/passwd": f"{RUN}/passwd",
    "/etc/group": f"{RUN}/group",
    "/etc/localtime": "/usr/share/zoneinfo/UTC",
    "/etc/mtab": "/proc/self/mounts",
    "/etc/os-release": "/usr/lib/os-release",
    "/var/tmp": "/tmp",
    "/var/run": "/run",
}
_MADE = {
    "/etc/hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
    "/etc/hostname": "sandbox\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\nservices: files\n",
    "/etc/resolv.conf": "",
    "/etc/timezone": "UTC\n",
}
_PROC_EMPTY = ("acpi", "asound", "bus", "driver", "fs", "irq", "scsi", "tty", "dynamic_debug")
_PROC_NULL = (
    "allocinfo",
    "cmdline",
    "config.gz",
    "kallsyms",
    "kcore",
    "key-users",
    "keys",
    "kmsg",
    "kpagecgroup",
    "kpagecount",
    "kpageflags",
    "latency_stats",
    "modules",
    "pagetypeinfo",
    "sched_debug",
    "slabinfo",
    "sysrq-trigger",
    "timer_list",
    "timer_stats",
    "vmallocinfo",
)
# statvfs flag -> mount flag: a remount in a user namespace must keep those that are set.
_KEEP = {2: linux.MS_NOSUID, 4: linux.MS_NODEV, 8: linux.MS_NOEXEC, 1024: linux.MS_NOATIME}
_KEEP |= {2048: linux.MS_NODIRATIME, 4096: linux.MS_RELATIME}

Covered = list[tuple[str, str]]


# -- the base ---------------------------------------------------------------------


def build_base(paths: Iterable[tuple[str, str]], also: Callable[[str], None]) -> Covered:
    """Move this process into a fresh root that shows ``paths`` (see interpreter.runtime).
    ``also`` is called with the place where the host's own root can still be seen.

    Returns what a box's folders will cover: (where it is stashed, where it belongs).
    """
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    _enter_empty_root()
    for folder in (*FOLDERS.values(), BOX, RUN, _STASH, "/dev", "/etc", "/proc", "/var", "/sys"):
        os.makedirs(folder, exist_ok=True)
    covered = _show(paths)
    for device in _DEVICES:
        _bind(f"{_OLD}/dev/{device}", f"/dev/{device}", is_folder=False)
        # It is the host's own: it can still be written to, but not given a mode or an owner.
        _lock(f"/dev/{device}", is_device=True)
    for path, target in _LINKS.items():
        os.symlink(target, path)
    for path, text in _MADE.items():
        _write(path, text)
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    also(_OLD)
    linux.unmount(_OLD)
    os.rmdir(_OLD)
    return covered


def seal_base() -> None:
    """Make the base read-only in this namespace. The zygote may still be loading modules,
    which write their caches; no sandbox may, whoever owns the folders."""
    linux.mount(None, "/", None, linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | _PLAIN)


def _enter_empty_root() -> None:
    start = next(path for path in ("/tmp", "/mnt", "/var", "/usr") if os.path.isdir(path))
    linux.mount("sandbox", start, "tmpfs", _PLAIN, "mode=755,size=64m")
    os.chdir(start)
    os.mkdir(_OLD.strip("/"))
    linux.pivot_root(".", _OLD.strip("/"))
    os.chdir("/")


def _show(paths: Iterable[tuple[str, str]]) -> Covered:
    shown: list[str] = []
    covered: Covered = []
    for real, path in ((real, _led_to(path)) for real, path in paths):
        if _within(path, shown):
            continue
        shown.append(path)
        places = [path]
        if _within(path, FOLDERS.values()):
            # A box's own /tmp will lie over this one, and the box binds it there again.
            places.append(f"{_STASH}/{len(covered)}")
            covered.append((places[1], path))
        for place in places:
            _bind(_OLD + real, place, is_folder=os.path.isdir(_OLD + real))
            _lock(place)
    return covered


def _led_to(path: str) -> str:
    """Where a path of the host leads inside, where some folders are links (/var/tmp)."""
    for link, target in _LINKS.items():
        if path.startswith(link + "/"):
            return target + path[len(link) :]
    return path


def _within(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def _bind(source: str, target: str, *, is_folder: bool) -> None:
    if is_folder:
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _write(target, "")
    linux.mount(source, target, None, linux.MS_BIND | linux.MS_REC)


def _lock(target: str, *, is_device: bool = False) -> None:
    """Make the mount at ``target``, and every mount below it, read-only."""
    flags = linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | linux.MS_NOSUID
    flags |= 0 if is_device else linux.MS_NODEV
    for point in _mount_points(target):
        kept = os.statvfs(point).f_flag
        keep = sum(flag for bit, flag in _KEEP.items() if kept & bit and not flags & flag)
        linux.mount(None, point, None, flags | keep)


def _mount_points(top: str) -> list[str]:
    with open(f"{_OLD}/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
        points = [line.split()[4] for line in file]
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        points = [point.replace(code, character) for point in points]
    return [point for point in points if _within(point, [top])]


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


# -- the box ----------------------------------------------------------------------


def make_box(size: int, uid: int, covered: Covered) -> None:
    """Mount a sandbox's own folders: ``size`` bytes in all, empty, owned by ``uid``.

    Called again, it lays new ones over the old, which go away: that is how to empty a box.
    """
    mount_tmpfs(BOX, size)
    for name, target in FOLDERS.items():
        folder = f"{BOX}/{name}"
        os.mkdir(folder)
        os.chown(folder, uid, uid)
        os.chmod(folder, 0o1777 if name in ("tmp", "shm") else 0o755)
        linux.mount(folder, target, None, linux.MS_BIND)
    os.mkdir(f"{BOX}/run")
    write_accounts(f"{BOX}/run", uid)
    linux.mount(f"{BOX}/run", RUN, None, linux.MS_BIND)
    linux.mount(None, RUN, None, linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | _PLAIN)
    for place, path in covered:
        _bind(place, path, is_folder=os.path.isdir(place))


def write_accounts(folder: str, uid: int) -> None:
    """The tables of users and groups, which the links in /etc lead to."""
    _write(f"{folder}/passwd", _passwd(uid))
    _write(f"{folder}/group", f"root:x:0:\nsandbox:x:{uid}:\nnogroup:x:65534:\n")


def mount_tmpfs(target: str, size: int) -> None:
    """A file's entry costs the kernel memory too, so there is a limit to their number."""
    data = f"mode=700,size={size},nr_inodes={max(4096, size // 4096)}"
    linux.mount("sandbox", target, "tmpfs", _PLAIN, data)


def clear_box(covered: Covered) -> None:
    """Take down what make_box has mounted, files and all."""
    for _, path in reversed(covered):
        linux.unmount(path)
    for target in (RUN, *reversed(FOLDERS.values()), BOX):
        linux.unmount(target)


def kept_at(path: str) -> str:
    """Where the keeper itself writes what a run sees as ``path`` in RUN, read-only."""
    return f"{BOX}/run" + path.removeprefix(RUN)


def used() -> int:
    """Bytes that the files of this box take."""
    state = os.statvfs(BOX)
    return (state.f_blocks - state.f_bfree) * state.f_frsize


def _passwd(uid: int) -> str:
    return (
        "root:x:0:0:root:/root:/bin/sh\n"
        f"sandbox:x:{uid}:{uid}:sandbox:{HOME}:/bin/sh\n"
        "nobody:x:65534:65534:nobody:/:/bin/false\n"
    )


# -- the view ---------------------------------------------------------------------


def hide_box() -> None:
    """Only the folders of the box stay, not the place where they are kept."""
    linux.unmount(BOX)


def mount_proc(most_pids: int = 0) -> None:
    """A /proc of this PID namespace, without the kernel's own affairs.

    ``most_pids``: how many processes may be in it, whoever owns them; 0 leaves it open.
    """
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    if most_pids and linux.counts_pids_by_namespace():
        with open("/proc/sys/kernel/pid_max", "w", encoding="ascii") as file:
            file.write(str(most_pids + RESERVED_PIDS))
    for name in _PROC_EMPTY:
        if os.path.isdir(f"/proc/{name}"):
            linux.mount("none", f"/proc/{name}", "tmpfs", linux.MS_RDONLY, "size=0")
    for name in _PROC_NULL:
        if os.path.exists(f"/proc/{name}"):
            linux.mount("/dev/null", f"/proc/{name}", None, linux.MS_BIND)
    linux.mount("/proc/sys", "/proc/sys", None, linux.MS_BIND)
    lock_proc("/proc/sys")


def lock_proc(path: str = "/proc") -> None:
    """Make it read-only. Root can change the modes of its files, for the whole machine."""
    flags = linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | linux.MS_NOSUID
    linux.mount(None, path, None, flags | linux.MS_NODEV | linux.MS_NOEXEC)
