"""Real SSH: netmiko, paging, host keys, restart, a hundred switches in one process."""

import asyncio
import signal
import subprocess
import sys
import time
from contextlib import suppress

import asyncssh
import pytest
from netmiko import ConnectHandler
from netmiko.exceptions import NetmikoAuthenticationException

from punchdown.lab.emulated import ApplianceSpec

SPEC = ApplianceSpec("sw-acc-1", management="10.20.99.11", password="pw")


def connect(port: int, **options):
    return ConnectHandler(
        "127.0.0.1",
        port=port,
        username="punchdown",
        password=options.pop("password", "pw"),
        device_type="cisco_ios",
        **options,
    )


@pytest.mark.parametrize("fast", [True, False])
def test_netmiko(fleet, fast: bool) -> None:
    port = fleet.start(SPEC)["sw-acc-1"]
    with connect(port, fast_cli=fast) as device:
        assert "interface GigabitEthernet1/0/48" in device.send_command("show running-config")
        said = device.send_config_set(["interface Gi1/0/1", "switchport mode access", "switchport access vlan 10"])
        assert "Creating vlan 10" in said
        device.send_config_set(["banner login #", "keep out", "#"], cmd_verify=False)
        assert "[OK]" in device.save_config()
        found = {row["vlan_id"]: row for row in device.send_command("show vlan brief", use_textfsm=True)}
        assert found["10"]["interfaces"] == ["Gi1/0/1"]
    assert "banner login ^C\nkeep out\n^C" in fleet.fleet.appliances["sw-acc-1"].running_config()


def test_wrong_password(fleet) -> None:
    port = fleet.start(SPEC)["sw-acc-1"]
    with pytest.raises(NetmikoAuthenticationException):
        connect(port, password="no")


def test_sped_up_timer_reverts(fleet) -> None:
    port = fleet.start(SPEC)["sw-acc-1"]
    with connect(port) as device:
        device.send_config_set(["archive", "path flash:cfg"])
        device.send_command("configure terminal revert timer 1", expect_string=r"\(config\)#")
        device.send_config_set(["hostname changed"], enter_config_mode=False, exit_config_mode=True)
    time.sleep(0.2)
    assert "hostname sw-acc-1" in fleet.fleet.appliances["sw-acc-1"].running_config()


def test_restart_ends_the_session(fleet) -> None:
    port = fleet.start(SPEC)["sw-acc-1"]
    device = connect(port)
    fleet.loop.call_soon_threadsafe(fleet.fleet.appliances["sw-acc-1"].restart)
    with suppress(OSError, EOFError):
        for _ in range(50):
            device.write_channel("\n")
            time.sleep(0.02)
    assert not device.is_alive()
    device.disconnect()


def test_paging_until_switched_off(fleet) -> None:
    port = fleet.start(SPEC)["sw-acc-1"]

    async def look() -> tuple[str, str]:
        async with asyncssh.connect("127.0.0.1", port, username="punchdown", password="pw", known_hosts=None) as link:
            process = await link.create_process(term_type="vt100")
            await process.stdout.readuntil("#")
            process.stdin.write("show running-config\n")
            first = await process.stdout.readuntil("--More-- ")
            process.stdin.write("q")
            await process.stdout.readuntil("#")
            process.stdin.write("terminal length 0\n")
            await process.stdout.readuntil("#")
            process.stdin.write("show running-config\n")
            return first, await process.stdout.readuntil("end\r\n\r\nsw-acc-1#")

    first, whole = asyncio.run(look())
    assert first.count("\r\n") == 24
    assert whole.count("\r\ninterface ") == 59


def test_key_login_and_known_hosts(fleet, tmp_path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    port = fleet.start(ApplianceSpec("sw-acc-1", authorized_key=key.export_public_key().decode()))["sw-acc-1"]
    (tmp_path / "known_hosts").write_text(fleet.fleet.known_hosts())

    async def look() -> str:
        async with asyncssh.connect(
            "127.0.0.1", port, username="punchdown", client_keys=[key], known_hosts=str(tmp_path / "known_hosts")
        ) as link:
            process = await link.create_process(term_type="vt100")
            return await process.stdout.readuntil("#")

    assert asyncio.run(look()).endswith("sw-acc-1#")


def test_a_hundred_switches_answer(fleet) -> None:
    ports = fleet.start(*(ApplianceSpec(f"sw-{number}", password="pw") for number in range(100)))
    assert len(set(ports.values())) == 100

    async def ask(name: str, port: int) -> bool:
        async with asyncssh.connect("127.0.0.1", port, username="punchdown", password="pw", known_hosts=None) as link:
            process = await link.create_process(term_type="vt100")
            process.stdin.write("terminal length 0\nshow running-config\n")
            return f"\r\nhostname {name}\r\n" in await process.stdout.readuntil("\r\nend\r\n")

    async def ask_all() -> list[bool]:
        return await asyncio.gather(*(ask(name, port) for name, port in ports.items()))

    assert all(asyncio.run(ask_all()))


def test_program_keeps_state_and_keys(tmp_path) -> None:
    (tmp_path / "spec.json").write_text('{"hostname": "a", "password": "pw"}')
    command = [
        sys.executable,
        "-m",
        "punchdown.lab.emulated",
        "--spec",
        str(tmp_path / "spec.json"),
        "--state",
        str(tmp_path / "state"),
        "--known-hosts",
        str(tmp_path / "known"),
    ]
    keys = []
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout.readline().startswith('ready {"a": ')
            keys.append((tmp_path / "known").read_text().split()[-1])
            program.send_signal(signal.SIGTERM)
            assert program.wait(10) == 0
    assert keys[0] == keys[1]
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o600
