"""The management plane on a real sshd: accepted by its own check, shown back, and refused when wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from punchdown.errors import RejectedError
from punchdown.platforms.linux import LinuxChange, change_of_documents, management
from punchdown.render import render_device
from punchdown.values import IntendedConfig, RunningConfig
from tests.platforms.linux.local_writer import Appliance, LocalWriter
from tests.platforms.linux_nftables.firewall_example import device

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.geteuid() != 0, reason="needs root and namespaces")]

MAIN = "Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication yes\nSubsystem sftp internal-sftp\n"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[LocalWriter]:
    with Appliance(tmp_path / "disk", seed={"ssh/sshd_config": MAIN}) as appliance:
        writer = appliance.writer()
        writer.run("mkdir -p /run/sshd && ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key && "
                   "ip address add 10.20.99.1/24 dev lo && /usr/sbin/sshd")
        yield writer


def intended() -> IntendedConfig:
    whole = render_device(device())
    ours = tuple(item for item in whole.documents if item.name in management.DOCUMENTS)
    return IntendedConfig(whole.device, whole.platform, ours)


def running(writer: LocalWriter) -> RunningConfig:
    return RunningConfig("fw-1", "linux_nftables", management.read_documents(writer))


def test_push_then_nothing_differs_and_sshd_says_so(box: LocalWriter) -> None:
    wanted, before = intended(), running(box)
    found = management.differences(wanted, before)
    assert {item.document for item in found} == set(management.DOCUMENTS)
    assert all(item.meaning for item in found)
    daemon = box.run("cat /run/sshd.pid").output
    safe = LinuxChange(management.STORES)
    safe.stage(box, change_of_documents(wanted, before, found), str)
    safe.check(box)
    safe.commit(box, 60)
    safe.confirm(box)
    safe.save(box)
    assert management.differences(wanted, running(box)) == ()
    facts = management.observe(box)
    assert {item.key: facts.get(item.key) for item in management.expectations(device())} == {
        item.key: item.value for item in management.expectations(device())}
    listening = "until ss -Hlnt | grep -q '10.20.99.1:22'; do sleep 0.1; done; ss -Hlnt | wc -l"
    assert box.run(listening).output == "1\n"
    assert box.run("cat /run/sshd.pid").output == daemon


def test_sshd_refuses_a_wrong_word_before_anything_changes(box: LocalWriter) -> None:
    wanted, before = intended(), running(box)
    change = change_of_documents(wanted, before, management.differences(wanted, before))
    change.payload[management.SSHD] = change.payload[management.SSHD].replace("MaxAuthTries", "MaxAuthTires")
    safe = LinuxChange(management.STORES)
    safe.stage(box, change, str)
    with pytest.raises(RejectedError, match="MaxAuthTires"):
        safe.check(box)
    assert running(box) == before


def test_password_login_by_hand_is_seen(box: LocalWriter) -> None:
    assert management.observe(box)["sshd:passwordauthentication"] == "yes"
