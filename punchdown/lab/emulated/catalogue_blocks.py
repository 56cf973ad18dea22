"""Lines inside the other configuration blocks. Source: the platform's fact sheet."""

from __future__ import annotations

from punchdown.lab.emulated.catalogue_global import GLOBAL
from punchdown.lab.emulated.catalogue_ports import ROUTED, SWITCHED
from punchdown.lab.emulated.grammar import Command as C
from punchdown.lab.emulated.grammar import Grammar

_KEY = "((0|5|6|7) <word>|<word>)"
_ACTION = "(transmit|drop|set-dscp-transmit <dscp>|policed-dscp-transmit)"

RADIUS_SERVER = (
    C("address ipv4 ^ <ip> [auth-port <0-65535>] [acct-port <0-65535>]", hook="radius-address"),
    C("timeout ^ <1-1000>"),
    C("retransmit ^ <0-100>"),
    C("automate-tester username ^ <word> [ignore-auth-port] [ignore-acct-port] [probe-on]"),
    C("automate-tester username ^ <word> [ignore-auth-port] [ignore-acct-port] idle-time <1-35791>"),
    C(f"key ^ {_KEY}", hook="key"),
)
TACACS_SERVER = (C("address ipv4 ^ <ip>"), C(f"key ^ {_KEY}", hook="key"), C("timeout ^ <1-1000>"))
SERVER_GROUP = (
    C("server name <name>", hook="server-name"),
    C("ip radius source-interface ^ <if>"),
    C("ip vrf forwarding ^ <name>"),
    C("deadtime ^ <0-1440>", default="0"),
    C("load-balance method ^ least-outstanding [batch-size <1-2147483647>]"),
)
TACACS_GROUP = (C("server name <name>"), C("ip tacacs source-interface ^ <if>"))
DYNAMIC_AUTHOR = (
    C(f"client <ip> ^ server-key {_KEY}", hook="key"),
    C(f"server-key ^ {_KEY}", hook="key"),
    C("port ^ <0-65535>", default="1700"),
    C("auth-type ^ (any|all|session-key)", default="all"),
)
CLASS_MAP = (
    C("description ^ <line>"),
    C("match (dscp|precedence) <dscps>"),
    C("match ip (dscp|precedence) <dscps>"),
    C("match access-group name <name>"),
    C("match cos <0-7>"),
    C("match protocol <word>"),
    C("match any"),
)
POLICY_MAP = (C("description ^ <line>"), C("class <name>", enters="config-pmap-c", hook="policy-class"))
POLICY_CLASS = (
    C("set (dscp|cos|precedence) ^ (<dscp>|<0-7>)"),
    C("set ip (dscp|precedence) ^ <dscp>"),
    C("trust ^ (dscp|cos)"),
    C("priority ^ [level <1-2>] [percent <1-100>]"),
    C("bandwidth ^ (remaining percent|percent|remaining ratio) <1-100>"),
    C("queue-buffers ratio ^ <0-100>"),
    C("police ^ [cir] <8000-10000000000> [bc] [<8000-1000000000>]", enters="config-pmap-c-police", hook="police"),
    C(f"police ^ <8000-10000000000> <8000-1000000000> conform-action {_ACTION} exceed-action {_ACTION}",
      enters="config-pmap-c-police", hook="police"),
    C("service-policy ^ <name>"),
)
POLICE = (C(f"conform-action ^ {_ACTION}", default="transmit"), C(f"exceed-action ^ {_ACTION}"))
LINE = (
    C("session-timeout ^ <0-35791>"),
    C("access-class <name> (in|out) [vrf-also]", key="access-class {2}"),
    C("exec-timeout ^ <0-35791> [<0-2147483>]", hook="exec-timeout"),
    C(f"password ^ {_KEY}", hook="key"),
    C("privilege level ^ <0-15>", default="1"),
    C("logging synchronous"),
    C("login ^ [(local|authentication <name>)]", hook="login"),
    C("length ^ <0-512>", default="24"),
    C("transport preferred ^ (none|ssh|telnet)"),
    C("transport input ^ (all|none|ssh [telnet]|telnet [ssh])"),
    C("transport output ^ (all|none|ssh [telnet]|telnet [ssh])"),
    C("stopbits ^ (1|1.5|2)"),
    C("autocommand ^ <line>"),
)
ARCHIVE = (
    C("log config", enters="config-archive-log-cfg"),
    C("path ^ <url>"),
    C("maximum ^ <1-14>", default="10"),
    C("write-memory"),
    C("time-period ^ <1-525600>"),
)
ARCHIVE_LOG = (C("logging enable"), C("logging size ^ <1-1000>"), C("notify syslog [contenttype plaintext]"), C("hidekeys"))
NETWORK_POLICY = (
    C("voice vlan ^ <vlan> [(cos <0-7>|dscp <0-63>)]"),
    C("voice-signaling vlan ^ <vlan> [(cos <0-7>|dscp <0-63>)]"),
)
DEVICE_TRACKING = (C("tracking ^ (enable|disable)"), C("limit address-count ^ <1-32000>"), C("protocol <word>", on=True),
                   C("trusted-port"), C("security-level ^ (glean|inspect|guard)", default="guard"))

MODES: dict[str, Grammar] = {
    "config": Grammar(GLOBAL),
    "config-if": Grammar(SWITCHED),
    "config-if-routed": Grammar(ROUTED),
    "config-vlan": Grammar((C("name ^ <word>", hook="vlan-name"), C("shutdown"), C("state ^ (active|suspend)"))),
    "config-vrf": Grammar((C("rd ^ <word>"), C("address-family (ipv4|ipv6)", enters="config-vrf-af"))),
    "config-vrf-af": Grammar((C("exit-address-family", hook="leave", unseen=True),)),
    "config-radius-server": Grammar(RADIUS_SERVER),
    "config-server-tacacs": Grammar(TACACS_SERVER),
    "config-sg-radius": Grammar(SERVER_GROUP),
    "config-sg-tacacs+": Grammar(TACACS_GROUP),
    "config-locsvr-da-radius": Grammar(DYNAMIC_AUTHOR),
    "config-cmap": Grammar(CLASS_MAP),
    "config-pmap": Grammar(POLICY_MAP),
    "config-pmap-c": Grammar(POLICY_CLASS),
    "config-pmap-c-police": Grammar(POLICE),
    "config-line": Grammar(LINE),
    "config-archive": Grammar(ARCHIVE),
    "config-archive-log-cfg": Grammar(ARCHIVE_LOG),
    "config-network-policy": Grammar(NETWORK_POLICY),
    "config-device-tracking": Grammar(DEVICE_TRACKING),
    "config-red": Grammar((C("mode ^ (sso|none)"),)),
    "config-xcvr-type": Grammar((C("monitoring"),)),
    "config-cp": Grammar((C("service-policy input ^ <name>", hook="service-policy"),)),
    "config-std-nacl": Grammar(()),
    "config-ext-nacl": Grammar(()),
    "config-ipv6-acl": Grammar(()),
}

PARENTS = {
    "config-pmap-c": "config-pmap", "config-pmap-c-police": "config-pmap-c", "config-vrf-af": "config-vrf",
    "config-archive-log-cfg": "config-archive",
}
