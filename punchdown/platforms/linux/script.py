"""The shell jobs of a transaction; they lie on the appliance's disk and need nothing but coreutils and util-linux.

Markers in the transaction directory: ``armed.ID`` (timer runs), then by one atomic rename either ``confirmed`` or
``expired``; ``restored`` once everything is put back. The ID keeps a late timer away from the next transaction.
"""

from __future__ import annotations

from collections.abc import Callable

from punchdown.platforms.linux.store import Store

HOME = "/var/lib/punchdown"
FOLDER = f"{HOME}/txn"
LOST = 9
NOT_ARMED = 8

_HEAD = f"""cd {FOLDER} 2>/dev/null || {{ echo 'no transaction' >&2; exit 7; }}
NEW={FOLDER}/new OLD={FOLDER}/old
export NEW OLD
umask 077
"""

_BUSY = """busy() {
  for marker in armed.*; do [ -e "$marker" ] && return 0; done
  [ -e expired ] && [ ! -e restored ]
}
"""

PREPARE = f"""umask 077
mkdir -p {HOME} || exit 1
if cd {FOLDER} 2>/dev/null; then
{_BUSY}
  if busy; then echo 'an unconfirmed change is armed here' >&2; exit 1; fi
fi
cd {HOME} && rm -rf txn && mkdir -m 0700 txn txn/new txn/old
"""

PENDING = f"""cd {FOLDER} 2>/dev/null || exit 0
{_BUSY}
if busy; then echo pending; fi
"""

_CHECK = "out=$(sh ./store-check.sh 2>&1) || { echo \"$out\" >&2; exit 1; }\n"

# the lock keeps a slow activation and the timer's restore apart; -o: daemons that are started must not inherit it
_COMMIT = f"""seconds=$1
fail() {{ echo "$1" >&2; exit {NOT_ARMED}; }}
for marker in armed.* confirmed expired; do
  if [ -e "$marker" ]; then fail "this transaction is $marker already"; fi
done
out=$(sh ./store-snapshot.sh 2>&1) || fail "$out"
id=$(cat /proc/sys/kernel/random/uuid) && echo "$id" > id || fail 'no transaction id'
out=$(sh ./boot-install.sh 2>&1) || fail "$out"
: > "armed.$id" && sync -f . || fail 'the rollback job cannot be written'
setsid sh ./timer.sh "$seconds" "$id" </dev/null >/dev/null 2>&1 &
flock -o lock sh -c '[ -e "armed.$1" ] && timeout -k 1 "$2" sh ./store-activate.sh' sh "$id" "$seconds" \\
  </dev/null >activate.log 2>&1
code=$?
[ $code -eq 0 ] || {{ cat activate.log >&2; exit 1; }}
"""

_TIMER = """echo $$ > timer.pid
sleep "$1"
mv -T "armed.$2" expired 2>/dev/null || exit 0
sync -f .
exec sh ./restore.sh
"""

# a restore that was cut off by a restart runs again in full
_RESTORE = """flock -o lock sh -c '
sh ./store-restore.sh >restore.log 2>&1 </dev/null && : > restored || { : > failed; exit 1; }' || exit 1
rm -rf new old
sync -f .
"""

_BOOT = """for marker in armed.*; do
  [ -e "$marker" ] && mv -T "$marker" expired
done
if [ -e expired ] && [ ! -e restored ]; then exec sh ./restore.sh; fi
"""

_WAIT = """wait_restored() {
  tries=0
  while [ ! -e restored ] && [ ! -e failed ] && [ $tries -lt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
  [ -e restored ] && return 0
  echo 'the old configuration could not be put back:' && cat restore.log
  return 1
}
"""

_CONFIRM = f"""{_WAIT}
[ -e confirmed ] && exit 0
id=$(cat id 2>/dev/null)
if [ -n "$id" ] && mv -T "armed.$id" confirmed 2>/dev/null; then
  sync -f .
  rm -rf old
  sh ./timer-stop.sh
  exit 0
fi
if [ -e expired ]; then wait_restored; exit {LOST}; fi
[ -e confirmed ] && exit 0
echo 'nothing is armed here' >&2
exit 1
"""

_TIMER_STOP = """pid=$(cat timer.pid 2>/dev/null) || exit 0
id=$(cat id)
if tr '\\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -q -- "timer.sh .*$id"; then kill -- "-$pid"; fi
exit 0
"""

_ROLLBACK = f"""{_WAIT}
id=$(cat id 2>/dev/null)
if [ -n "$id" ] && mv -T "armed.$id" expired 2>/dev/null; then
  sync -f .
  sh ./timer-stop.sh
  sh ./restore.sh
elif [ -e failed ]; then
  rm -f failed
  sh ./restore.sh
fi
if [ -e expired ]; then wait_restored >&2; exit $?; fi
[ -e confirmed ] && {{ echo 'the change is confirmed' >&2; exit 1; }}
rm -rf new old
"""

_SAVE = """[ -e confirmed ] || { echo 'nothing is confirmed here' >&2; exit 1; }
sh ./store-persist.sh || exit 1
sync -f .
rm -rf new old
"""

_BOOT_SCRIPT = f"""#!/bin/sh
# Runs at every start: undoes a change that nobody confirmed, then brings up what a restart loses.
if [ -e {FOLDER}/boot.sh ]; then sh {FOLDER}/boot.sh; fi
for job in {HOME}/boot.d/*; do
  if [ -e "$job" ]; then sh "$job"; fi
done
"""

_UNIT = f"""[Unit]
Description=Undo an unconfirmed configuration change, load what a restart loses
After=network.target openvswitch-switch.service

[Service]
Type=oneshot
ExecStart=/bin/sh {HOME}/boot

[Install]
WantedBy=multi-user.target
"""

_BOOT_INSTALL = f"""mkdir -p {HOME}/boot.d
cat > {HOME}/.boot <<'END' && chmod 0755 {HOME}/.boot && mv -f {HOME}/.boot {HOME}/boot || exit 1
{_BOOT_SCRIPT}END
[ -d /run/systemd/system ] || exit 0
cat > /etc/systemd/system/punchdown-boot.service <<'END' || exit 1
{_UNIT}END
systemctl daemon-reload && systemctl enable --quiet punchdown-boot.service
"""


def jobs(stores: tuple[Store, ...]) -> dict[str, str]:
    """File name to text of every job of a transaction over these stores, all in the transaction directory."""
    fixed = {"check": _CHECK, "commit": _COMMIT, "timer": _TIMER, "restore": _RESTORE, "boot": _BOOT,
             "confirm": _CONFIRM, "rollback": _ROLLBACK, "save": _SAVE, "boot-install": _BOOT_INSTALL,
             "timer-stop": _TIMER_STOP}
    ours = {"store-check": _each(stores, lambda store: store.check),
            "store-snapshot": _each(stores, lambda store: store.snapshot),
            "store-activate": _each(stores, lambda store: store.activate),
            "store-persist": _each(stores, lambda store: store.persist),
            "store-restore": _restore_all(stores)}
    return {f"{name}.sh": _HEAD + text for name, text in (fixed | ours).items()}


def _each(stores: tuple[Store, ...], part: Callable[[Store], str]) -> str:
    """One store after the other, each in its own shell; the first failure ends the job."""
    return "".join(f"(\n{part(store)}\n) || {{ echo 'failed: {store.name}' >&2; exit 1; }}\n"
                   for store in stores if part(store))


def _restore_all(stores: tuple[Store, ...]) -> str:
    """Last store first; a store that fails keeps no other from being put back."""
    lines = "".join(f"(\n{store.restore}\n) || {{ echo 'failed: {store.name}' >&2; code=1; }}\n"
                    for store in reversed(stores))
    return f"code=0\n{lines}exit $code\n"
