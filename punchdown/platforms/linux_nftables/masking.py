"""Reading the running configuration. Nothing that is read here holds a secret, so there is none to mask."""

from __future__ import annotations

import re

from punchdown.errors import DeviceError
from punchdown.platforms.contract import Reader
from punchdown.platforms.linux import management, read_command, read_file_document
from punchdown.platforms.linux_nftables.capabilities import BOOT_FILE, FOREIGN, FORWARDING, RULES
from punchdown.platforms.linux_nftables.normalise import OWN_TABLE, foreign_base_chains
from punchdown.values import RunningConfig, RunningDocument

LIST_TABLE = f"nft -s list {OWN_TABLE}"
LIST_ALL = "nft -s list ruleset"
VERSION = "nft --version"
ADDRESSES = "ip -o -4 address show"

READ_COMMANDS: tuple[str, ...] = (
    LIST_TABLE, LIST_ALL, VERSION, re.escape(ADDRESSES),
    *(re.escape(read_command(path)) for path in (RULES, FORWARDING)), r"sysctl -n net\.ipv4\.ip_forward",
    *management.READ_COMMANDS)


def fetch(reader: Reader) -> RunningConfig:
    """Our table as the kernel has it, the stored files, and the base chains of other tables. Raises DeviceError."""
    documents = (
        RunningDocument(RULES, own_table(reader)),
        RunningDocument(BOOT_FILE, read_file_document(reader, RULES)),
        RunningDocument(FOREIGN, "".join(f"{line}\n" for line in foreign_base_chains(ruleset(reader)))),
        RunningDocument(FORWARDING, read_file_document(reader, FORWARDING)),
        *management.read_documents(reader),
    )
    return RunningConfig(reader.device, "linux_nftables", documents, {"version": _version(reader)})


def own_table(reader: Reader) -> str:
    """The listed table, empty when there is none. Raises DeviceError."""
    answer = reader.show(LIST_TABLE)
    if answer.code and "No such file or directory" not in answer.error:
        raise DeviceError(reader.device, "fetch", f"{LIST_TABLE}: {answer.error.strip()}")
    return "" if answer.code else answer.output


def ruleset(reader: Reader) -> str:
    """Every table. Raises DeviceError."""
    answer = reader.show(LIST_ALL)
    if answer.code:
        raise DeviceError(reader.device, "fetch", f"{LIST_ALL}: {answer.error.strip()}")
    return answer.output


def _version(reader: Reader) -> str:
    found = re.search(r"v(\S+)", reader.show(VERSION).output)
    return found[1] if found else ""
