"""What a system root holds besides the host's programs: made once by the broker, for all boxes.

Nothing that says anything about the host is in it. Of the host's /etc come only what its
programs do not work without: the loader's cache, alternatives, and tables of names.
"""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import stat
from collections.abc import Iterator

ROOT = "/.skeleton/root"
LOCAL = "/.skeleton/local"  # what lies over the host's /usr/local, or stands in for it
MADE_AT = 1_704_067_200  # 2024-01-01 UTC: the time of every file here, on every machine

_FOLDERS = {
    "boot": 0o755,
    "dev": 0o755,
    "etc/default": 0o755,
    "etc/pam.d": 0o755,
    "etc/profile.d": 0o755,
    "etc/skel": 0o755,
    "home": 0o755,
    "media": 0o755,
    "mnt": 0o755,
    "opt": 0o755,
    "proc": 0o555,
    "root": 0o700,
    "run": 0o755,
    "srv": 0o755,
    "sys": 0o555,
    "tmp": 0o1777,
    "usr": 0o755,
    "var/backups": 0o755,
    "var/cache": 0o755,
    "var/lib": 0o755,
    "var/local": 0o755,
    "var/log": 0o755,
    "var/mail": 0o2775,
    "var/opt": 0o755,
    "var/spool": 0o755,
    "var/tmp": 0o1777,
}
_LINKS = {
    "etc/localtime": "/usr/share/zoneinfo/UTC",
    "etc/mtab": "/proc/self/mounts",
    "etc/os-release": "../usr/lib/os-release",
    "var/lock": "/run/lock",
    "var/run": "/run",
    "var/spool/mail": "../mail",
}
_FROM_HOST = (
    "alternatives",
    "debian_version",
    "ethertypes",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "protocols",
    "rpc",
    "services",
)
_LOCAL_FOLDERS = ("bin", "etc", "games", "include", "lib", "sbin", "share", "src")
# name, uid, home, shell; and name, gid: a fresh Debian's, so that counts look like one's.
_USERS = """
root 0 /root /bin/bash|daemon 1 /usr/sbin /usr/sbin/nologin|bin 2 /bin /usr/sbin/nologin
sys 3 /dev /usr/sbin/nologin|games 5 /usr/games /usr/sbin/nologin
man 6 /var/cache/man /usr/sbin/nologin|lp 7 /var/spool/lpd /usr/sbin/nologin
mail 8 /var/mail /usr/sbin/nologin|news 9 /var/spool/news /usr/sbin/nologin
www-data 33 /var/www /usr/sbin/nologin|backup 34 /var/backups /usr/sbin/nologin
list 38 /var/list /usr/sbin/nologin|irc 39 /run/ircd /usr/sbin/nologin
nobody 65534 /nonexistent /usr/sbin/nologin
"""
_GROUPS = """
root 0|daemon 1|bin 2|sys 3|adm 4|tty 5|disk 6|lp 7|mail 8|news 9|man 12|proxy 13|kmem 15
sudo 27|audio 29|www-data 33|backup 34|list 38|irc 39|src 40|shadow 42|utmp 43|video 44
staff 50|games 60|users 100|nogroup 65534
"""
_PROFILE = """\
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
for file in /etc/profile.d/*.sh; do
  if [ -r "$file" ]; then . "$file"; fi
done
unset file
"""
_LOGIN = """\
MAIL_DIR /var/mail
UID_MIN 1000
UID_MAX 60000
SYS_UID_MIN 100
SYS_UID_MAX 999
GID_MIN 1000
GID_MAX 60000
SYS_GID_MIN 100
SYS_GID_MAX 999
UMASK 022
USERGROUPS_ENAB yes
ENCRYPT_METHOD SHA512
"""
_PAM = """\
auth sufficient pam_rootok.so
auth required pam_unix.so
account required pam_permit.so
password required pam_unix.so
session required pam_permit.so
"""
_USER_PROFILE = 'if [ -n "$BASH_VERSION" ] && [ -f ~/.bashrc ]; then . ~/.bashrc; fi\n'
_FILES = {
    "etc/bash.bashrc": "# System-wide settings of interactive shells.\n",
    "etc/default/useradd": "SHELL=/bin/sh\n",
    "etc/environment": "",
    "etc/hostname": "sandbox\n",
    "etc/hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
    "etc/login.defs": _LOGIN,
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files\n",
    "etc/pam.d/other": _PAM,
    "etc/profile": _PROFILE,
    "etc/resolv.conf": "",
    "etc/shells": "/bin/sh\n/bin/bash\n/usr/bin/bash\n",
    "etc/skel/.bashrc": "# Settings of interactive shells.\n",
    "etc/skel/.profile": _USER_PROFILE,
    "etc/timezone": "UTC\n",
    "root/.bashrc": "# Settings of interactive shells.\n",
    "root/.profile": _USER_PROFILE,
    "var/log/lastlog": "",
    "var/log/wtmp": "",
}


def build(host: str, links: dict[str, str]) -> None:
    """Make it below ROOT and LOCAL. ``host`` is where the host's root is still to be seen;
    ``links`` are its links beside /usr (``bin`` to ``usr/bin``)."""
    for path, mode in _FOLDERS.items():
        os.makedirs(f"{ROOT}/{path}", exist_ok=True)
        os.chmod(f"{ROOT}/{path}", mode)
    for path, target in {**_LINKS, **links}.items():
        os.symlink(target, f"{ROOT}/{path}")
    for path, text in {**_FILES, **_accounts()}.items():
        with open(f"{ROOT}/{path}", "w", encoding="utf-8") as file:
            file.write(text)
    for name in ("shadow", "gshadow"):
        os.chmod(f"{ROOT}/etc/{name}", 0o640)
    for name in _FROM_HOST:
        _copy(f"{host}/etc/{name}", f"{ROOT}/etc/{name}")
    _make_local(host)
    _date("/.skeleton")
    os.utime("/dev", (MADE_AT, MADE_AT))


def shows_host_local(host: str = "") -> bool:
    """Whether the host's /usr/local is shown: it is nobody's affair, unless Python is there."""
    places = [f"{host}/usr/bin/python3", f"{host}/usr/local/bin/python3"]
    return not os.path.lexists(places[0]) and os.path.lexists(places[1])


def _make_local(host: str) -> None:
    for name in _LOCAL_FOLDERS:
        os.makedirs(f"{LOCAL}/{name}")
    if shows_host_local(host):
        # What is installed for that Python, this package itself among it, is not.
        for kind in ("site", "dist"):
            for path in glob.glob(f"{host}/usr/local/lib/python3*/{kind}-packages"):
                hidden = LOCAL + path.removeprefix(f"{host}/usr/local")
                os.makedirs(os.path.dirname(hidden), exist_ok=True)
                os.mknod(hidden, stat.S_IFCHR, os.makedev(0, 0))  # overlayfs: nothing here


def _accounts() -> dict[str, str]:
    users, groups = list(_table(_USERS)), list(_table(_GROUPS))
    gids = {row[0]: row[1] for row in groups}
    passwd = [
        f"{name}:x:{uid}:{gids.get(name, '65534')}:{name}:{home}:{shell}\n"
        for name, uid, home, shell in users
    ]
    return {
        "etc/passwd": "".join(passwd),
        "etc/group": "".join(f"{name}:x:{gid}:\n" for name, gid in groups),
        "etc/shadow": "".join(f"{row[0]}:*:19723:0:99999:7:::\n" for row in users),
        "etc/gshadow": "".join(f"{row[0]}:*::\n" for row in groups),
    }


def _table(text: str) -> Iterator[list[str]]:
    for row in text.strip().replace("\n", "|").split("|"):
        yield row.split()


def _copy(source: str, target: str) -> None:
    """A file, a link or a flat folder of these, where the host has it and may read it."""
    with contextlib.suppress(OSError):
        if os.path.isdir(source) and not os.path.islink(source):
            os.mkdir(target)
            for name in os.listdir(source):
                _copy(f"{source}/{name}", f"{target}/{name}")
        else:
            shutil.copyfile(source, target, follow_symlinks=False)


def _date(top: str) -> None:
    for folder, folders, files in os.walk(top):
        for name in (*folders, *files):
            os.utime(f"{folder}/{name}", (MADE_AT, MADE_AT), follow_symlinks=False)
