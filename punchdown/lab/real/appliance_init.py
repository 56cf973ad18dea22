"""First process of one appliance: own mounts, host name and process numbers over an entered network namespace.

Run as a plain script (``python -I -S appliance_init.py``) with its specification as JSON on standard input::

    {"name", "disk", "pid_file", "keep": [path], "files": [{"path", "text", "mode", "owner"}], "boot": shell text}

``disk`` holds what survives a restart: changes to /etc and all of /var and /root. Every other file system of the
machine is read-only from inside. Prints ``{"problem": REASON}``, empty when all is well, then reaps children until it
is killed; all others die with it.
"""

import ctypes
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWPID = 0x20000, 0x4000000, 0x20000000  # linux/sched.h
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18  # sys/mount.h
DISKS = re.compile(r"ext[234]|xfs|btrfs|overlay|zfs|f2fs|fuse.*|9p|virtiofs|nfs4?|vfat")
VAR = ("lib/punchdown", "lib/openvswitch", "lib/kea", "lib/lldpd", "log/openvswitch", "log/freeradius", "log/kea",
       "tmp")

libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: str = "none", flags: int = 0, data: str = "") -> None:
    """mount(2). Raises OSError."""
    if libc.mount(source.encode(), str(target).encode(), kind.encode(), ctypes.c_ulong(flags), data.encode()) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"mount {target}: {os.strerror(code)}")


def protect_machine(disk: str) -> None:
    """Remount every disk read-only in here, except the appliance's own."""
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount(disk, disk, flags=MS_BIND)
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        left, _, right = line.partition(" - ")
        target = left.split()[4].encode().decode("unicode_escape")
        if DISKS.fullmatch(right.split()[0]) and target != disk:
            try:
                mount("none", target, flags=MS_REMOUNT | MS_BIND | MS_RDONLY)
            except OSError as error:
                if target == "/":
                    raise
                print(error, file=sys.stderr)  # noqa: T201  a hidden or stale mount can't be reached from inside either


def own_folders(disk: str, keep: list[str]) -> None:
    """/etc as an overlay, /var and /root from the disk, /run and /tmp in memory; the program's folders stay visible."""
    kept = {path: os.open(path, os.O_RDONLY | os.O_DIRECTORY) for path in keep}
    folders = {name: Path(disk, name) for name in ("etc", "work", "var", "root")}
    for folder in (*folders.values(), *(folders["var"] / name for name in VAR)):
        folder.mkdir(parents=True, exist_ok=True)
    mount("overlay", "/etc", "overlay",
          data=f"lowerdir=/etc,upperdir={folders['etc']},workdir={folders['work']}")
    mount(str(folders["var"]), "/var", flags=MS_BIND)
    mount(str(folders["root"]), "/root", flags=MS_BIND)
    mount("tmpfs", "/run", "tmpfs", data="mode=755")
    mount("tmpfs", "/tmp", "tmpfs", data="mode=1777")  # noqa: S108  its own, empty
    mount("proc", "/proc", "proc")
    for path, descriptor in kept.items():
        Path(path).mkdir(parents=True, exist_ok=True)
        if not os.path.samestat(Path(path).stat(), os.fstat(descriptor)):
            mount(f"/proc/self/fd/{descriptor}", path, flags=MS_BIND | MS_REC)
        os.close(descriptor)
    for name, target in (("run", "/run"), ("lock", "/run/lock")):
        link = Path("/var", name)
        if not link.is_symlink():
            link.symlink_to(target)


def write_files(files: list[dict[str, str]]) -> None:
    """Files of the first start; an owner that the machine does not know stays root."""
    for item in files:
        path = Path(item["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(item["text"], encoding="utf-8")
        path.chmod(int(item.get("mode", "644"), 8))
        owner = item.get("owner", "root")
        try:
            if owner != "root":
                shutil.chown(path, owner, owner)
        except LookupError:
            print("no such user:", owner, file=sys.stderr)  # noqa: T201  its only log


def boot(spec: dict[str, Any]) -> str:
    """Everything up to running daemons; the reason when that failed."""
    protect_machine(spec["disk"])
    own_folders(spec["disk"], spec["keep"])
    socket.sethostname(spec["name"])
    first = Path("/var/lib/lab-installed")
    if not first.exists():
        write_files(spec["files"])
        first.touch()
    write_files([{"path": "/run/lab/boot.sh", "text": spec["boot"], "mode": "700"}])
    path = Path("/var/log/boot.log")
    with path.open("ab") as log:
        done = subprocess.run(["/bin/bash", "/run/lab/boot.sh"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                              check=False)
    return "" if done.returncode == 0 else path.read_text(encoding="utf-8", errors="replace")[-800:]


def reap() -> None:
    """Collect orphans for ever."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            time.sleep(0.2)


def main() -> None:
    """Fork into the new process namespace, start, report, stay."""
    spec = json.load(sys.stdin)
    if libc.unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID) != 0:
        sys.exit(f"unshare: {os.strerror(ctypes.get_errno())}")
    known, tell = os.pipe()
    child = os.fork()
    if child:
        Path(spec["pid_file"]).write_text(str(child), encoding="ascii")
        os.close(tell)
        os.waitpid(child, 0)
        return
    os.close(tell)
    os.read(known, 1)  # ends when the file is closed: a disk that is being written to can't turn read-only
    try:
        problem = boot(spec)
    except OSError as error:
        problem = str(error)
    sys.stdout.write(json.dumps({"problem": problem}) + "\n")
    sys.stdout.flush()
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    if not problem:
        reap()


if __name__ == "__main__":
    main()
