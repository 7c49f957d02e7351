"""The file system of a sandbox with a system root: all of it writable, the host's untouched.

    skeleton  /etc, /root, /home, /var of our own, made once by the broker (skeleton.py)
    box       one a sandbox: a tmpfs of limited size that takes what is written
    root      one a sandbox: overlays of skeleton and host's programs with the box
    view      one a run: that root as /, and nothing else in sight

Sealed, its programs are those it came with and only folders of data can be written: a place
to look at what somebody has left there without running their tools.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable

from . import linux, root, skeleton

SYSTEM = "/.system"
HOME = "/root"
UPPER = f"{root.BOX}/upper"
KEPT = ("upper",)  # what a snapshot remembers
WRITABLE_WHEN_SEALED = ("home", "mnt", "opt", "root", "srv", "tmp", "var")

_PROGRAMS = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
_FLAGS = linux.MS_NOSUID | linux.MS_NODEV
_LOCK = linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | _FLAGS
_WORK = f"{root.BOX}/work"
_RUNTIME = tuple(f"{root.BOX}/{name}" for name in ("run", "runtime", "shm"))


def build(host: str) -> None:
    """In the broker: the skeleton, with the links that the host has beside /usr."""
    os.mkdir(SYSTEM)
    paths = {name: f"{host}/{name}" for name in _PROGRAMS}
    links = {name: os.readlink(path) for name, path in paths.items() if os.path.islink(path)}
    for name, path in paths.items():
        if os.path.isdir(path) and name not in links:
            os.makedirs(f"{skeleton.ROOT}/{name}", exist_ok=True)
    skeleton.build(host, links)


def trees() -> dict[str, str]:
    """The overlays, outer ones first: name in UPPER -> the layers below, topmost first."""
    programs = [name for name in _PROGRAMS if os.path.isdir(f"/{name}")]
    own = [name for name in programs if not os.path.islink(f"{skeleton.ROOT}/{name}")]
    found = {"": skeleton.ROOT, **{name: f"/{name}" for name in own}}
    if os.path.isdir("/usr/local") and not os.path.islink("/usr/local"):
        found["usr/local"] = skeleton.LOCAL
        if skeleton.shows_host_local():
            found["usr/local"] += ":/usr/local"
    return found


def upper(tree: str) -> str:
    """The folder in UPPER that takes what is written below ``tree``."""
    return tree.replace("/", "-") or "root"


def make_box(size: int, fill: Callable[[], None] | None, *, sealed: bool) -> None:
    """Mount a box of ``size`` bytes; ``fill`` puts a snapshot's files below UPPER."""
    root.mount_tmpfs(root.BOX, size)
    for folder in (UPPER, _WORK, *_RUNTIME):
        os.mkdir(folder)
    os.chmod(f"{root.BOX}/shm", 0o1777)
    for tree, lower in trees().items():
        os.mkdir(f"{_WORK}/{upper(tree)}")
        os.mkdir(f"{UPPER}/{upper(tree)}")
        if not fill and not linux.in_first_user_namespace():
            _open_folders(f"{UPPER}/{upper(tree)}", lower)
        _date(f"{UPPER}/{upper(tree)}")
    if fill:
        fill()
    for tree, lower in trees().items():
        _overlay(tree, lower)
    _mount_runtime()
    if sealed:
        _seal()


def clear_box() -> None:
    """Take down what make_box has mounted, files and all."""
    linux.unmount(SYSTEM)  # lazily, with every mount below
    linux.unmount(root.BOX)


def enter() -> None:
    """In a run's own mount namespace: make the system root ``/``, all else disappears."""
    os.chdir(SYSTEM)
    linux.pivot_root(".", ".")
    linux.unmount(".")  # the old root lies on top
    os.chdir("/")


def _open_folders(upper: str, layers: str) -> None:
    """Folders of the machine's root are closed to an ordinary user's, unless they are ours."""
    lower = layers.split(":")[0]
    for name in os.listdir(lower):
        if os.path.isdir(f"{lower}/{name}") and not os.path.islink(f"{lower}/{name}"):
            os.mkdir(f"{upper}/{name}")
            shutil.copymode(f"{lower}/{name}", f"{upper}/{name}")
            _date(f"{upper}/{name}")


def _date(path: str) -> None:
    """What is made with the box has one time, too: the same calls show the same."""
    os.utime(path, (skeleton.MADE_AT, skeleton.MADE_AT))


def _overlay(tree: str, lower: str) -> None:
    name = upper(tree)
    data = f"lowerdir={lower},upperdir={UPPER}/{name},workdir={_WORK}/{name}"
    if not linux.in_first_user_namespace():
        data += ",userxattr"
    linux.mount("system", f"{SYSTEM}/{tree}", "overlay", _FLAGS, data)


def _mount_runtime() -> None:
    """/dev, /proc and /run are mounts of their own: no process can take them away."""
    linux.mount("/dev", f"{SYSTEM}/dev", None, linux.MS_BIND | linux.MS_REC)
    linux.mount(None, f"{SYSTEM}/dev", None, _LOCK)
    linux.mount(f"{root.BOX}/shm", f"{SYSTEM}/dev/shm", None, linux.MS_BIND)
    os.mkdir(f"{root.BOX}/runtime/sandbox")
    os.mkdir(f"{root.BOX}/runtime/lock", 0o1777)
    for folder in (*_RUNTIME, f"{root.BOX}/runtime/lock"):
        _date(folder)
    linux.mount(f"{root.BOX}/runtime", f"{SYSTEM}/run", None, linux.MS_BIND)
    linux.mount(f"{root.BOX}/run", f"{SYSTEM}{root.RUN}", None, linux.MS_BIND)
    linux.mount(None, f"{SYSTEM}{root.RUN}", None, _LOCK)
    # A run mounts its own over it; the kernel lets an ordinary user do so where one is seen.
    linux.mount("/proc", f"{SYSTEM}/proc", None, linux.MS_BIND)


def _seal() -> None:
    """Nothing can be written but folders of data; no process is at work here yet."""
    for name in WRITABLE_WHEN_SEALED:
        path = f"{SYSTEM}/{name}"
        if stat.S_ISDIR(_mode(path)):  # a link may lead anywhere
            linux.mount(path, path, None, linux.MS_BIND)
    for tree in trees():
        linux.mount(None, f"{SYSTEM}/{tree}".rstrip("/"), None, _LOCK)


def _mode(path: str) -> int:
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0
