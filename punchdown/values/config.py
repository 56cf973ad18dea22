"""Configurations as text with provenance, intended and running.

A device has one or more documents. A line-and-indent switch has one (``running-config``); a Linux appliance has
one per file or store (``/etc/kea/kea-dhcp4.conf``, ``flows:br0``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from punchdown.values.position import Provenance


def file_name(document: str) -> str:
    """A document's name as one file name that stays in its folder.

    >>> file_name("/etc/kea/kea-dhcp4.conf"), file_name("flows:br0")
    ('etc_kea_kea-dhcp4.conf', 'flows_br0')
    """
    return document.strip("/").replace("/", "_").replace(":", "_").lstrip(".") or "_"


@dataclass(frozen=True, slots=True)
class ConfigLine:
    """One line without its newline, and the provenance it was rendered from."""

    text: str
    source: Provenance


@dataclass(frozen=True, slots=True)
class Document:
    """One intended document. Secrets stand in it as ``<secret:NAME>`` and nothing else."""

    name: str
    lines: tuple[ConfigLine, ...]

    @property
    def text(self) -> str:
        """The lines joined, with a final newline."""
        return "".join(f"{line.text}\n" for line in self.lines)


@dataclass(frozen=True, slots=True)
class IntendedConfig:
    """What one device should run; ``documents`` in the order in which they are pushed."""

    device: str
    platform: str
    documents: tuple[Document, ...]

    def document(self, name: str) -> Document:
        """The named document. Raises KeyError."""
        for document in self.documents:
            if document.name == name:
                return document
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class RunningDocument:
    """One document as the device shows it, secrets already replaced by ``<masked:FINGERPRINT>``."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class RunningConfig:
    """What one device runs. ``facts`` are model, version and the like, as the device reports them."""

    device: str
    platform: str
    documents: tuple[RunningDocument, ...]
    facts: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of the named document, empty when the device has none."""
        return next((document.text for document in self.documents if document.name == name), "")

    @property
    def digest(self) -> str:
        """SHA-256 over all documents, hexadecimal."""
        sha = hashlib.sha256()
        for document in self.documents:
            sha.update(f"{document.name}\0{document.text}\0".encode())
        return sha.hexdigest()
