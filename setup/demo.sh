#!/bin/sh
# The main job on a lab: check, plan, apply, verify, break something by hand, see the drift, repair it.
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
PUNCHDOWN_OPERATOR="$PWD/.lab/operator"
export PATH PUNCHDOWN_OPERATOR

mkdir -p demo-output

bold="" plain=""
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); fi
title() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
expect() { # expect CODE COMMAND...: the exit code is part of what is shown
    wanted=$1; shift
    printf '$ %s\n' "$*"
    "$@"; code=$?
    [ "$code" = "$wanted" ] || { echo "demo: exit code $code, expected $wanted" >&2; punchdown lab down; exit 1; }
}

title "A lab of the example site"
expect 0 punchdown lab up -s lisbon
title "Is the definition sound?"
expect 0 punchdown check
title "What would change? (first lines; the whole of it is in demo-output/plan.txt)"
punchdown plan > demo-output/plan.txt; [ $? = 2 ] || { tail -5 demo-output/plan.txt; punchdown lab down; exit 1; }
head -25 demo-output/plan.txt
title "Change the devices, safely (all that is said is in demo-output/apply.txt)"
echo '$ punchdown apply --yes -o json=demo-output/apply.json'
punchdown apply --yes -o json=demo-output/apply.json > demo-output/apply.txt 2>&1 \
    || { tail -40 demo-output/apply.txt; punchdown lab down; exit 1; }
tail -1 demo-output/apply.txt
title "Nothing is left to do, and the devices do what they should"
expect 0 punchdown drift
expect 0 punchdown verify
title "What can reach what, over all packets, from what the devices run"
expect 0 punchdown prove
if [ "$(id -u)" = 0 ] && ip netns list 2>/dev/null | grep -q '^pd-sw-core-1'; then
    title "By hand, outside of the tool: a flow that opens SMDR to a PC"
    ip netns exec pd-admin-1 ssh -F /dev/null -o UserKnownHostsFile=.lab/operator/known_hosts \
        -i .lab/operator/keys/id_ed25519 root@10.20.99.2 \
        "ovs-ofctl add-flow br0 'table=32,priority=40000,tcp,nw_src=10.20.32.7,nw_dst=10.20.10.10,tp_dst=1752,actions=resubmit(,40)'"
    expect 2 punchdown drift -o text -o html=demo-output/drift.html
    title "Repair it"
    expect 0 punchdown apply --yes -o json=demo-output/repair.json
    expect 0 punchdown drift
else
    echo "Without root: the switches, firewall, RADIUS and DHCP servers of namespaces were left out."
fi
title "Done"
echo "The report of the drift: demo-output/drift.html"
expect 0 punchdown lab down
