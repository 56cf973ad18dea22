"""The safe change with a real shell: who wins between timer and confirm, and what survives."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from punchdown.errors import DeviceError, RejectedError, RolledBackError
from punchdown.platforms.linux import LinuxChange, Store, file_store
from punchdown.values import Change
from tests.platforms.linux.local_writer import Appliance, LocalWriter

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.geteuid() != 0, reason="needs root and namespaces")]

ONE, TWO = "/etc/app/one.conf", "/etc/app/two.conf"
STORES = (
    file_store("one", ONE, mode="0640",
               check='! grep -q bad "$NEW/_etc_app_one.conf" || { cat "$NEW/_etc_app_one.conf"; exit 1; }',
               reload="cat /etc/app/one.conf > /run/one-loaded 2>/dev/null || rm -f /run/one-loaded"),
    file_store("two", TWO, reload="! grep -q explode /etc/app/two.conf 2>/dev/null"),
)
OLD = {"app/one.conf": "one old\n"}


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Appliance]:
    with Appliance(tmp_path / "disk", seed=OLD) as appliance:
        yield appliance


def change(**texts: str) -> Change:
    return to_box({{"one": ONE, "two": TWO}[key]: text for key, text in texts.items()})


def to_box(payload: dict[str, str]) -> Change:
    return Change("box-1", "linux", (), (), "", payload=payload)


def plain(text: str) -> str:
    return text.replace("<secret:key>", "hunter2-hunter2")


def committed(writer: LocalWriter, seconds: int, wanted: Change) -> LinuxChange:
    safe = LinuxChange(STORES)
    safe.stage(writer, wanted, plain)
    safe.check(writer)
    safe.commit(writer, seconds)
    return safe


def etc(writer: LocalWriter) -> str:
    return writer.run("cd /etc && find . -type f ! -name ld.so.cache -exec stat -c '%n %a %U' {} + "
                      "-exec sha256sum {} + | sort").output


def until(condition: object, seconds: float = 8.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def leftovers(writer: LocalWriter) -> str:
    return writer.run("ls /var/lib/punchdown/txn/new /var/lib/punchdown/txn/old 2>/dev/null").output


def test_confirmed_change_stays_and_staged_secrets_go(box: Appliance) -> None:
    writer = box.writer()
    safe = committed(writer, 2, change(one="one <secret:key>\n", two="two new\n"))
    assert safe.pending(writer)
    assert writer.run("stat -c %a /var/lib/punchdown/txn/new/*").output.split() == ["600", "600"]
    assert not any("hunter2" in command for command in writer.sent)
    safe.confirm(writer.reconnect())
    assert not safe.pending(writer)
    safe.save(writer)
    time.sleep(2.5)
    shown = writer.run(f"cat {ONE} {TWO} /run/one-loaded").output
    assert shown == "one hunter2-hunter2\ntwo new\none hunter2-hunter2\n"
    assert writer.run(f"stat -c %a {ONE}").output == "640\n"
    assert leftovers(writer) == ""
    assert writer.run("grep -r hunter2 /var/lib/punchdown").output == ""


def test_timer_restores_identically_and_late_confirm_says_so(box: Appliance) -> None:
    writer = box.writer()
    before = etc(writer)
    safe = committed(writer, 1, change(one="one <secret:key>\n", two="two new\n"))
    assert etc(writer) != before
    until(lambda: not safe.pending(writer))
    assert etc(writer) == before
    assert writer.run("cat /run/one-loaded").output == "one old\n"
    with pytest.raises(RolledBackError):
        safe.confirm(writer)
    until(lambda: leftovers(writer) == "")


def test_both_at_once_exactly_one_wins(box: Appliance) -> None:
    writer = box.writer()
    won = {"confirm": 0, "timer": 0}
    for number in range(30):
        before = etc(writer)
        safe = LinuxChange(STORES)
        safe.stage(writer, change(two=f"two {number}\n"), plain)
        writer.run("sed -i 's/^sleep .*/sleep 0.3/' /var/lib/punchdown/txn/timer.sh")
        start = time.monotonic()
        safe.commit(writer, 1)
        time.sleep(max(0.0, start + 0.2 + 0.012 * number - time.monotonic()))
        try:
            safe.confirm(writer)
        except RolledBackError:
            won["timer"] += 1
            assert etc(writer) == before
        else:
            won["confirm"] += 1
            assert writer.run(f"cat {TWO}").output == f"two {number}\n"
            time.sleep(0.1)
            assert writer.run(f"cat {TWO}").output == f"two {number}\n"
    assert won["confirm"] + won["timer"] == 30
    assert min(won.values()) > 0, f"the race was never close: {won}"


def test_simultaneous_hands_on_one_marker(box: Appliance) -> None:
    """Confirm, rollback and a second confirm start together: what is on disk fits what each was told."""
    writer = box.writer()
    for number in range(30):
        safe = committed(writer, 60, change(two=f"two {number}\n"))
        with ThreadPoolExecutor(3) as pool:
            hands = [pool.submit(outcome, hand, box.writer()) for hand in (safe.confirm, safe.rollback, safe.confirm)]
        first, back, second = (hand.result() for hand in hands)
        assert first == second != back
        assert first == (writer.run(f"cat {TWO}").output == f"two {number}\n")


def outcome(hand: object, writer: LocalWriter) -> bool:
    try:
        hand(writer)  # type: ignore[operator]
    except (RolledBackError, RejectedError):
        return False
    return True


def test_session_killed_in_the_middle_still_ends_in_the_old_configuration(box: Appliance) -> None:
    writer = box.writer()
    before = etc(writer)
    safe = LinuxChange(STORES)
    safe.stage(writer, change(one="one new\n"), plain)
    writer.run("setsid sh -c 'echo $$ > /run/session; exec sh /var/lib/punchdown/txn/commit.sh 1' >/dev/null 2>&1 & "
               "until [ -e /run/one-loaded ]; do sleep 0.02; done; kill -9 -- -$(cat /run/session)")
    assert writer.run(f"cat {ONE}").output == "one new\n"
    until(lambda: etc(writer) == before)


def test_hanging_activation_is_cut_and_undone(box: Appliance) -> None:
    writer = box.writer()
    before = etc(writer)
    hang = Store("hang", ("hang:x",), "true", "true", "echo half > /etc/half; sleep 30; echo whole > /etc/half",
                 "rm -f /etc/half")
    safe = LinuxChange((hang,))
    safe.stage(writer, to_box({"hang:x": "x\n"}), plain)
    with pytest.raises(RejectedError):
        safe.commit(writer, 1)
    assert etc(writer) == before


def test_restart_before_confirm_restores(box: Appliance) -> None:
    before = etc(box.writer())
    safe = committed(box.writer(), 600, change(one="one new\n", two="two new\n"))
    box.reboot()
    assert etc(box.writer()) == before
    assert not safe.pending(box.writer())
    with pytest.raises(RolledBackError):
        safe.confirm(box.writer())


def test_restart_in_the_middle_of_a_restore_finishes_it(box: Appliance) -> None:
    writer = box.writer()
    before = etc(writer)
    committed(writer, 600, change(one="one new\n"))
    writer.run("cd /var/lib/punchdown/txn && mv -T armed.$(cat id) expired")
    box.reboot()
    assert etc(box.writer()) == before


def test_restart_after_confirm_keeps_and_runs_boot_jobs(box: Appliance) -> None:
    writer = box.writer()
    lost = Store("lost", ("lost:x",), "true", "true", "echo on > /run/lost", "rm -f /run/lost",
                 'mkdir -p /var/lib/punchdown/boot.d; echo "echo on > /run/lost" > /var/lib/punchdown/boot.d/50-lost')
    safe = LinuxChange((*STORES, lost))
    safe.stage(writer, to_box({"lost:x": "x\n", ONE: "one new\n"}), plain)
    safe.check(writer)
    safe.commit(writer, 60)
    safe.confirm(writer)
    LinuxChange((*STORES, lost)).save(writer)
    box.reboot()
    assert box.writer().run(f"cat {ONE} /run/lost").output == "one new\non\n"


def test_refused_check_changes_nothing_and_hides_the_secret(box: Appliance) -> None:
    writer = box.writer()
    before = etc(writer)
    safe = LinuxChange(STORES)
    safe.stage(writer, change(one="bad <secret:key>\n"), plain)
    with pytest.raises(RejectedError) as refused:
        safe.check(writer)
    assert "bad <secret:key>" in str(refused.value)
    assert "hunter2" not in f"{refused.value!r}{refused.value.answer}"
    assert etc(writer) == before
    safe.rollback(writer)
    assert leftovers(writer) == ""


def test_failing_activation_puts_every_store_back(box: Appliance) -> None:
    writer = box.writer()
    before = etc(writer)
    safe = LinuxChange(STORES)
    safe.stage(writer, change(one="one new\n", two="explode\n"), plain)
    with pytest.raises(RejectedError, match="two"):
        safe.commit(writer, 60)
    assert etc(writer) == before
    assert not safe.pending(writer)


def test_rollback_now_and_a_late_timer_cannot_touch_the_next_change(box: Appliance) -> None:
    writer = box.writer()
    before = etc(writer)
    safe = committed(writer, 1, change(one="one new\n"))
    writer.run("echo 'exit 0' > /var/lib/punchdown/txn/timer-stop.sh")
    safe.rollback(writer)
    assert etc(writer) == before
    later = committed(writer, 60, change(one="one later\n"))
    time.sleep(1.5)
    assert later.pending(writer)
    assert writer.run(f"cat {ONE}").output == "one later\n"


def test_confirm_ends_the_sleeper(box: Appliance) -> None:
    writer = box.writer()
    committed(writer, 321, change(one="one new\n")).confirm(writer)
    until(lambda: "sleep 321" not in writer.run("ps ax").output, 2.0)


def test_second_change_is_refused_while_one_is_armed(box: Appliance) -> None:
    writer = box.writer()
    safe = committed(writer, 60, change(one="one new\n"))
    with pytest.raises(RejectedError, match="armed"):
        LinuxChange(STORES).stage(writer, change(one="one other\n"), plain)
    with pytest.raises(RejectedError, match="already"):
        safe.commit(writer, 60)


def test_document_without_a_store_is_refused(box: Appliance) -> None:
    with pytest.raises(DeviceError, match="no store takes /etc/shadow"):
        LinuxChange(STORES).stage(box.writer(), to_box({"/etc/shadow": "x"}), plain)
