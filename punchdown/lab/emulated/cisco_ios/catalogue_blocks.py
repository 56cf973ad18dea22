"""Lines inside the other configuration blocks. Source: the platform's fact sheet."""

from __future__ import annotations

from punchdown.lab.emulated.cisco_ios import catalogue_subscribers as subscribers
from punchdown.lab.emulated.cisco_ios.catalogue_global import GLOBAL
from punchdown.lab.emulated.cisco_ios.catalogue_ports import ROUTED, SWITCHED
from punchdown.lab.emulated.cisco_ios.lines import grammar
from punchdown.lab.emulated.grammar import Command as Cmd
from punchdown.lab.emulated.grammar import Grammar

_KEY = "((0|5|6|7) <word>|<word>)"
_ACTION = "(transmit|drop|set-dscp-transmit <dscp>|policed-dscp-transmit)"

RADIUS_SERVER = (
    Cmd("address ipv4 ^ <ip> [auth-port <0-65535>] [acct-port <0-65535>]", hook="radius-address"),
    Cmd("timeout ^ <1-1000>"),
    Cmd("retransmit ^ <0-100>"),
    Cmd("automate-tester username ^ <word> [ignore-auth-port] [ignore-acct-port] [probe-on]"),
    Cmd("automate-tester username ^ <word> [ignore-auth-port] [ignore-acct-port] idle-time <1-35791>"),
    Cmd(f"key ^ {_KEY}", hook="key"),
)
TACACS_SERVER = (Cmd("address ipv4 ^ <ip>"), Cmd(f"key ^ {_KEY}", hook="key"), Cmd("port ^ <1-65535>", default="49"),
                 Cmd("timeout ^ <1-1000>", default="5"), Cmd("single-connection"))
SERVER_GROUP = (
    Cmd("server name <name>", hook="server-name"),
    Cmd("ip radius source-interface ^ <if>"),
    Cmd("ip vrf forwarding ^ <name>"),
    Cmd("deadtime ^ <0-1440>", default="0"),
    Cmd("load-balance method ^ least-outstanding [batch-size <1-2147483647>]"),
)
TACACS_GROUP = (Cmd("server name <name>", hook="server-name"), Cmd("ip tacacs source-interface ^ <if>"))
DYNAMIC_AUTHOR = (
    Cmd(f"client <ip> ^ server-key {_KEY}", hook="key"),
    Cmd(f"server-key ^ {_KEY}", hook="key"),
    Cmd("port ^ <0-65535>", default="1700"),
    Cmd("auth-type ^ (any|all|session-key)", default="all"),
)
CLASS_MAP = (
    Cmd("description ^ <line>"),
    Cmd("match (dscp|precedence) <dscps>"),
    Cmd("match ip (dscp|precedence) <dscps>"),
    Cmd("match access-group name <name>"),
    Cmd("match cos <0-7>"),
    Cmd("match protocol <word>"),
    Cmd("match any"),
)
POLICY_MAP = (Cmd("description ^ <line>"), Cmd("class <name>", enters="config-pmap-c", hook="policy-class"))
POLICY_CLASS = (
    Cmd("set (dscp|cos|precedence) ^ (<dscp>|<0-7>)"),
    Cmd("set ip (dscp|precedence) ^ <dscp>"),
    Cmd("trust ^ (dscp|cos)"),
    Cmd("priority ^ [level <1-2>] [percent <1-100>]"),
    Cmd("bandwidth ^ (remaining percent|percent|remaining ratio) <1-100>"),
    Cmd("queue-buffers ratio ^ <0-100>"),
    Cmd("police ^ [cir] <8000-10000000000> [bc] [<8000-1000000000>]", enters="config-pmap-c-police", hook="police"),
    Cmd(f"police ^ <8000-10000000000> <8000-1000000000> conform-action {_ACTION} exceed-action {_ACTION}",
      enters="config-pmap-c-police", hook="police"),
    Cmd("service-policy ^ <name>"),
)
POLICE = (Cmd(f"conform-action ^ {_ACTION}"), Cmd(f"exceed-action ^ {_ACTION}"))
LINE = (
    Cmd("session-timeout ^ <0-35791>"),
    Cmd("access-class <name> (in|out) [vrf-also]", key="access-class {2}"),
    Cmd("exec-timeout ^ <0-35791> [<0-2147483>]", hook="exec-timeout"),
    Cmd(f"password ^ {_KEY}", hook="key"),
    Cmd("privilege level ^ <0-15>", default="1"),
    Cmd("logging synchronous"),
    Cmd("login ^ [(local|authentication <name>)]", hook="login"),
    Cmd("length ^ <0-512>", default="24"),
    Cmd("transport preferred ^ (none|ssh|telnet)"),
    Cmd("transport input ^ (all|none|ssh [telnet]|telnet [ssh])"),
    Cmd("transport output ^ (all|none|ssh [telnet]|telnet [ssh])"),
    Cmd("stopbits ^ (1|1.5|2)"),
    Cmd("autocommand ^ <line>"),
)
ARCHIVE = (
    Cmd("log config", enters="config-archive-log-cfg"),
    Cmd("path ^ <url>"),
    Cmd("maximum ^ <1-14>", default="10"),
    Cmd("write-memory"),
    Cmd("time-period ^ <1-525600>"),
)
ARCHIVE_LOG = (Cmd("logging enable"), Cmd("logging size ^ <1-1000>"),
               Cmd("notify syslog [contenttype plaintext]"), Cmd("hidekeys"))
NETWORK_POLICY = (
    Cmd("voice vlan ^ <vlan> [(cos <0-7>|dscp <0-63>)]"),
    Cmd("voice-signaling vlan ^ <vlan> [(cos <0-7>|dscp <0-63>)]"),
)
DEVICE_TRACKING = (Cmd("tracking ^ (enable|disable)"), Cmd("limit address-count ^ <1-32000>"),
                   Cmd("protocol <word>", on=True),
                   Cmd("trusted-port"), Cmd("security-level ^ (glean|inspect|guard)", default="guard"))

MODES: dict[str, Grammar] = {
    "config": grammar(GLOBAL),
    "config-if": grammar(SWITCHED),
    "config-if-routed": grammar(ROUTED),
    "config-vlan": grammar((Cmd("name ^ <word>", hook="vlan-name"), Cmd("shutdown"), Cmd("state ^ (active|suspend)"))),
    "config-vrf": grammar((Cmd("rd ^ <word>"), Cmd("address-family (ipv4|ipv6)", enters="config-vrf-af"))),
    "config-vrf-af": grammar((Cmd("exit-address-family", hook="leave", unseen=True),)),
    "config-radius-server": grammar(RADIUS_SERVER),
    "config-server-tacacs": grammar(TACACS_SERVER),
    "config-sg-radius": grammar(SERVER_GROUP),
    "config-sg-tacacs+": grammar(TACACS_GROUP),
    "config-locsvr-da-radius": grammar(DYNAMIC_AUTHOR),
    "config-cmap": grammar(CLASS_MAP),
    "config-pmap": grammar(POLICY_MAP),
    "config-pmap-c": grammar(POLICY_CLASS),
    "config-pmap-c-police": grammar(POLICE),
    "config-service-template": grammar(subscribers.SERVICE_TEMPLATE),
    "config-filter-control-classmap": grammar(subscribers.CONTROL_CLASS),
    "config-event-control-policymap": grammar(subscribers.CONTROL_POLICY),
    "config-class-control-policymap": grammar(subscribers.CONTROL_EVENT),
    "config-action-control-policymap": grammar(subscribers.CONTROL_ACTION),
    "config-line": grammar(LINE),
    "config-archive": grammar(ARCHIVE),
    "config-archive-log-cfg": grammar(ARCHIVE_LOG),
    "config-network-policy": grammar(NETWORK_POLICY),
    "config-device-tracking": grammar(DEVICE_TRACKING),
    "config-red": grammar((Cmd("mode ^ (sso|none)"),)),
    "config-xcvr-type": grammar((Cmd("monitoring"),)),
    "config-cp": grammar((Cmd("service-policy input ^ <name>", unseen=True),)),
    "config-std-nacl": grammar(()),
    "config-ext-nacl": grammar(()),
    "config-arp-nacl": grammar((Cmd("(permit|deny) [(request|response)] ip (any|host <ip>|<ip> <ip>) "
                                    "mac (any|host <mac>|<mac> <mac>) [log]"),)),
    "config-ipv6-acl": grammar(()),
}

PARENTS = {
    "config-pmap-c": "config-pmap", "config-pmap-c-police": "config-pmap-c", "config-vrf-af": "config-vrf",
    "config-archive-log-cfg": "config-archive", "config-class-control-policymap": "config-event-control-policymap",
    "config-action-control-policymap": "config-class-control-policymap",
}
