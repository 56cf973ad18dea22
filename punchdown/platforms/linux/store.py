"""A store: one thing on a Linux appliance that a transaction changes and can put back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from shlex import quote


@dataclass(frozen=True, slots=True)
class Store:
    """Shell snippets run as root by ``/bin/sh`` in the transaction directory, with ``$NEW`` and ``$OLD`` set.

    ``documents`` are the names staged as ``$NEW/<slug>``. ``snapshot`` saves the present state below ``$OLD`` and also
    works when nothing is configured yet. ``check`` is the device's own syntax check (rc other than 0 refuses; nothing
    has changed). ``activate`` takes effect from ``$NEW``, ``restore`` goes back to ``$OLD`` and may run more than once,
    also early in a boot. ``persist`` is the save step of a store that a restart would lose.
    """

    name: str
    documents: tuple[str, ...]
    snapshot: str
    check: str
    activate: str
    restore: str
    persist: str = ""


def slug(document: str) -> str:
    """A document's file name below ``$NEW`` and ``$OLD``.

    >>> slug("/etc/kea/kea-dhcp4.conf"), slug("flows:br0")
    ('_etc_kea_kea-dhcp4.conf', 'flows_br0')
    """
    return re.sub(r"[^A-Za-z0-9.-]", "_", document)


def file_store(name: str, path: str, *, mode: str = "0644", owner: str = "root:root", check: str = "true",
               reload: str = "true") -> Store:
    """A plain file and the hook that makes its reader load it."""
    return files_store(name, (path,), mode=mode, owner=owner, check=check, reload=reload)


def files_store(name: str, paths: Sequence[str], *, mode: str = "0644", owner: str = "root:root", check: str = "true",
                reload: str = "true") -> Store:
    """Plain files that are checked and loaded together. Files that are not staged stay as they are."""
    return Store(
        name=name,
        documents=tuple(paths),
        snapshot=_joined(_snapshot(path) for path in paths),
        check=check,
        activate=f"{_joined(_place(path, mode, owner) for path in paths)} && {{ {reload}\n}}",
        restore=f"{_joined(_put_back(path) for path in paths)} && {{ {reload}\n}}",
    )


def _joined(parts: Iterable[str]) -> str:
    return " && ".join(f"{{ {part}; }}" for part in parts)


def _snapshot(path: str) -> str:
    saved = f'"$OLD/{slug(path)}"'
    return f"if [ -e {quote(path)} ]; then cp -p {quote(path)} {saved}; else : > \"$OLD/{slug(path)}.absent\"; fi"


def _place(path: str, mode: str, owner: str) -> str:
    """Write beside the target, then rename: readers see the old file or the new one."""
    user, _, group = owner.partition(":")
    beside = quote(_beside(path))
    return (f'if [ -e "$NEW/{slug(path)}" ]; then mkdir -p {quote(_folder(path))} && '
            f'install -m {mode} -o {user} -g {group or user} "$NEW/{slug(path)}" {beside} && '
            f"mv -f {beside} {quote(path)}; fi")


def _put_back(path: str) -> str:
    beside = quote(_beside(path))
    return (f'if [ -e "$OLD/{slug(path)}" ]; then cp -p "$OLD/{slug(path)}" {beside} && mv -f {beside} {quote(path)}; '
            f'elif [ -e "$OLD/{slug(path)}.absent" ]; then rm -f {quote(path)}; fi')


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _beside(path: str) -> str:
    """A hidden name that no ``*.conf`` pattern of a daemon matches."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.punchdown"
