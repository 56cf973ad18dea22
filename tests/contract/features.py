"""A small site, and what a definition can ask of a device beyond it: each feature as a patch that adds it and a patch
that changes it. A key of None goes away."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.contract.member import Member
from tests.proof.random_sites import model_with_dot1x

Patch = dict[str, Any]

SITE: Patch = {
    "site": "viseu", "prefix": "10.30.0.0/16",
    "segments": {"call-control": {"vlan": 10, "zone": "call-control"},
                 "phones": {"vlan": 20, "zone": "voice", "dhcp": "100-199"},
                 "office": {"vlan": 30, "zone": "data", "dhcp": "100-199"},
                 "servers": {"vlan": 40, "zone": "server"},
                 "dmz": {"vlan": 50, "zone": "dmz"},
                 "management": {"vlan": 99, "zone": "management"}},
    "hosts": {"pbx-1": {"kind": "mivoice-business", "segment": "call-control", "address": 10},
              "taker-1": {"kind": "application", "segment": "servers", "address": 20, "uses": ["smdr@pbx-1"]},
              "mbg-1": {"kind": "border-gateway", "segment": "dmz", "address": 10, "uses": ["minet-tls@pbx-1"]},
              "admin-1": {"kind": "admin", "segment": "management", "address": 100, "uses": ["ssh@pbx-1"]},
              "radius-1": {"kind": "radius-server", "segment": "management", "address": 5},
              "radius-2": {"kind": "radius-server", "segment": "management", "address": 6},
              "log-1": {"kind": "syslog-server", "segment": "management", "address": 7},
              "dhcp-1": {"kind": "dhcp-server", "segment": "management", "address": 8}},
    "endpoints": {"room-1": {"kind": "phone", "model": "6930", "mac": "08:00:0F:10:01:01"}},
    "firewall": {"wan": {"address": "198.51.100.2/24", "router": "198.51.100.1"},
                 "netblocks": {"homes": ["203.0.113.64/26"]}},
    "dot1x": {"servers": ["radius-1"], "critical_segment": "office"},
    "services": {"dns": ["radius-1"]},
    "devices": {
        "sw-1": {"role": "core-switch", "management": 11, "ports": {
            "1": "phone-and-pc", "2": "phone-and-pc", "3": "pc", "4": "unused", "5": "pbx-1", "6": "taker-1",
            "7": "mbg-1", "8": "admin-1", "9": "radius-1", "10": "radius-2", "11": "log-1", "12": "fw-1/call-control",
            "13": "fw-1/phones", "14": "fw-1/office", "15": "fw-1/servers", "16": "fw-1/dmz", "17": "fw-1/management",
            "18": "dhcp-1/phones", "19": "dhcp-1/office", "20": "dhcp-1/management"}},
        "fw-1": {"role": "firewall", "management": 1,
                 "routes": ["call-control", "phones", "office", "servers", "dmz", "management"]},
        "radius-1": {"role": "radius", "platform": "freeradius", "management": 5},
        "dhcp-1": {"role": "dhcp", "platform": "kea", "management": 8, "serves": ["phones"]}}}


@dataclass(frozen=True)
class Feature:
    """``need`` is the key of ``Capabilities.meets`` without which a platform must refuse it; empty: every one has it.
    ``change`` is applied on top of ``add``."""

    name: str
    add: Patch
    change: Patch
    need: str = ""

    def __str__(self) -> str:
        return self.name


def _port(**spec: Any) -> Patch:
    return {"devices": {"sw-1": {"ports": {"4": spec}}}}


MACS = {name: {"mac": f"02:00:00:00:01:{number:02}"} for number, name in enumerate(SITE["hosts"])}
_ROUTES = [*SITE["devices"]["fw-1"]["routes"], "labs"]
_LABS = {"segments": {"labs": {"vlan": 60, "zone": "data"}}, "devices": {
    "sw-1": {"ports": {"4": {"role": "pc", "segment": "labs"}, "21": "fw-1/labs"}}, "fw-1": {"routes": _ROUTES}}}
EVERYWHERE = (
    Feature("banner", {"management": {"banner": ["Authorised use only."]}},
            {"management": {"banner": ["Keep out.", "All is recorded."]}}),
    Feature("time", {"services": {"ntp": ["radius-1"]}}, {"services": {"ntp": ["radius-2", "log-1"]}}),
    Feature("log", {"services": {"syslog": ["log-1"]}}, {"services": {"syslog": ["log-1", "radius-1"]}}),
    Feature("session timeout", {"management": {"session_timeout_minutes": 7}},
            {"management": {"session_timeout_minutes": 30}}),
    Feature("login by RADIUS", {"management": {"aaa": {"method": "radius", "servers": ["radius-1"]}}},
            {"management": {"aaa": {"servers": ["radius-2", "radius-1"]}}}, "login-radius"),
    Feature("login by TACACS", {"management": {"aaa": {"method": "tacacs", "servers": ["radius-1"]}}},
            {"management": {"aaa": {"servers": ["radius-2", "radius-1"]}}}, "login-tacacs"),
)


def _snmp(*roles: str) -> Feature:
    """Of the devices in some roles: others of the site may have none."""
    return Feature("SNMP", {"management": {"snmp": {"managers": ["admin-1"], "roles": list(roles)}}},
                   {"management": {"snmp": {"authentication": "sha", "traps": False}}}, "snmpv3")


_ROOT = {"spanning_tree": {"mode": "rapid-pvst", "root": "sw-1"}}
_LINK = {"devices": {"sw-1": {"aggregations": {"pair": {"number": 3, "ports": ["22-23"], "segments": ["office"]}}}}}
SWITCH = (
    *EVERYWHERE,
    _snmp("core-switch", "access-switch"),
    Feature("VLAN", _LABS, {"segments": {"labs": {"vlan": 61}}}),
    Feature("phone", _port(role="phone"), _port(role="phone-and-pc")),
    Feature("description", _port(role="pc", description="Desk (4), left"), _port(role="pc", description="by the door")),
    Feature("trunk", _port(role="uplink", segments=["office", "phones"]), _port(role="uplink", segments=["servers"])),
    Feature("access point", _port(role="access-point", segments=["office"]),
            _port(role="access-point", segments=["office", "phones"])),
    Feature("filter", {"hosts": {"taker-1": {"uses": ["smdr@pbx-1", "pms@pbx-1"]}}},
            {"hosts": {"taker-1": {"uses": ["pms@pbx-1"]}}}),
    Feature("IPv6", {"prefix6": "2001:db8:30::/48"}, {"segments": {"office": {"ipv6": False}}}),
    Feature("marks", {"qos": {"profile": "cisco-compatible"}}, {"qos": {"profile": "mitel-sip-firmware"}}),
    Feature("LLDP-MED off", {"phones": {"lldp_med": False}}, {"phones": {"lldp_med": True}}),
    Feature("open port", _port(role="pc", dot1x=False), _port(role="pc", dot1x=True)),
    Feature("second RADIUS server", {"dot1x": {"servers": ["radius-1", "radius-2"]}},
            {"dot1x": {"servers": ["radius-2", "radius-1"]}}),
    Feature("RADIUS ports", {"dot1x": {"auth_port": 1645, "accounting_port": 1646}}, {"dot1x": {"auth_port": 1912}}),
    Feature("who may share a port", {"dot1x": {"host_mode": "multi-auth"}}, {"dot1x": {"host_mode": "single-host"}}),
    Feature("who may share one port", _port(role="pc", host_mode="single-host"),
            _port(role="pc", host_mode="multi-auth")),
    Feature("closed without RADIUS", {"dot1x": {"dead": "closed"}}, {"dot1x": {"dead": "critical"}}),
    Feature("guests", {"segments": {"guests": {"vlan": 70, "zone": "guest"}}, "dot1x": {"guest_segment": "guests"}},
            {"segments": {"guests": {"vlan": 71}}}),
    Feature("authentication again", {"dot1x": {"reauth_seconds": 3600}}, {"dot1x": {"reauth_seconds": 7200}}),
    Feature("identity requests", {"dot1x": {"tx_period_seconds": 5}}, {"dot1x": {"tx_period_seconds": 30}}),
    Feature("wrong credentials", {"segments": {"guests": {"vlan": 70, "zone": "guest"}},
                                  "dot1x": {"auth_fail_segment": "guests"}},
            {"segments": {"guests": {"vlan": 71}}}, "dot1x-auth-fail"),
    Feature("change of authorisation", {"dot1x": {"change_of_authorization": True}},
            {"dot1x": {"servers": ["radius-1", "radius-2"]}}, "dot1x-coa"),
    Feature("RADIUS in turn", {"dot1x": {"servers": ["radius-1", "radius-2"], "selection": "balanced"}},
            {"dot1x": {"servers": ["radius-2", "radius-1"]}}, "radius-balanced"),
    Feature("RADIUS timers", {"dot1x": {"timers": {"timeout_seconds": 7}}},
            {"dot1x": {"timers": {"timeout_seconds": 9, "retries": 1, "dead_minutes": 11}}}, "radius-timers"),
    Feature("ARP inspection", {"protection": {"arp_inspection": True}, "hosts": MACS},
            _LABS, "arp-inspection"),
    Feature("source guard", {"protection": {"source_guard": True}, "hosts": MACS}, _port(role="pc"), "source-guard"),
    Feature("DHCP rate", {"protection": {"dhcp_rate": 40}}, {"protection": {"dhcp_rate": 60}}, "dhcp-rate"),
    Feature("storms", {"protection": {"broadcast_percent": 3.0}},
            {"protection": {"broadcast_percent": 4.5, "multicast_percent": 0.5}}, "storm-level"),
    Feature("port security", {"protection": {"max_macs": 3}}, {"protection": {"max_macs": 5}}, "port-security"),
    Feature("port security on one port", _port(role="pc", max_macs=2), _port(role="pc", max_macs=4), "port-security"),
    Feature("voice by CDP", {"phones": {"cdp": True}}, _port(role="phone"), "cdp-voice"),
    Feature("power", _port(role="pc", poe="off"), _port(role="pc", poe="auto"), "poe"),
    Feature("rapid PVST", {"spanning_tree": {"mode": "rapid-pvst"}}, _port(role="pc"), "spanning-tree-rapid-pvst"),
    Feature("MST", {"spanning_tree": {"mode": "mst"}}, _port(role="pc"), "spanning-tree-mst"),
    Feature("root", _ROOT, _port(role="uplink", segments=["office"]), "spanning-tree-root"),
    Feature("root guard", {**_ROOT, "spanning_tree": {**_ROOT["spanning_tree"], "root_guard": True},
                           **_port(role="uplink", segments=["office"])},
            _port(role="uplink", segments=["office", "phones"]), "root-guard"),
    Feature("loop guard", {"spanning_tree": {"loop_guard": True}}, _port(role="uplink", segments=["office"]),
            "loop-guard"),
    Feature("link of several", _LINK,
            {"devices": {"sw-1": {"aggregations": {"pair": {"ports": ["22-24"], "mode": "passive"}}}}},
            "link-aggregation"),
    Feature("least members", {"devices": {"sw-1": {"aggregations": {"pair": {
        **_LINK["devices"]["sw-1"]["aggregations"]["pair"], "min_links": 2}}}}},
        {"devices": {"sw-1": {"aggregations": {"pair": {"min_links": 1}}}}}, "link-minimum"),
    Feature("mirror", _port(role="mirror", mirrors=["1-2"]), _port(role="mirror", mirrors=["2-3"]), "port-mirror"),
    Feature("full", {"devices": {"sw-1": {"manage": "full"}}}, _port(role="pc")),
)
_PUBLIC = {"hosts": {"mbg-1": {"public": "198.51.100.10",
                              "expose": ["sip-tls", {"service": "minet-tls", "from": "any"}]}}}
VPN: Patch = {
    "remotes": {"porto": {"kind": "site", "prefixes": ["10.99.0.0/16"], "via": "to-porto"}},
    "firewall": {"vpns": {"to-porto": {"peer": "203.0.113.9", "remote": "porto", "local": ["call-control"],
                                       "authentication": "shared-secret"}}},
    "flows": [{"from": "porto", "to": "pbx-1", "service": "ssh"},
              {"from": "call-control", "to": "porto", "service": "minet-tls"}]}
FIREWALL = (
    *EVERYWHERE,
    _snmp("firewall"),
    Feature("policy", {"flows": [{"from": "office", "to": "pbx-1", "service": "ssh"}]},
            {"flows": [{"from": "office", "to": "pbx-1", "service": "admin-https"},
                       {"from": "phones", "to": "pbx-1", "service": "pms"}]}),
    Feature("port-forward", _PUBLIC, {"hosts": {"mbg-1": {"public": "198.51.100.11", "expose": ["minet-tls"]}}}),
    Feature("hairpin", {"hosts": {"mbg-1": {**_PUBLIC["hosts"]["mbg-1"], "hairpin": True}}},
            {"hosts": {"mbg-1": {"hairpin": False}}}),
    Feature("who may come", {**_PUBLIC, "firewall": {"allow": "homes"}},
            {"firewall": {"netblocks": {"homes": ["203.0.113.64/26", "203.0.113.192/27"]}}}),
    Feature("who may not", {"firewall": {"netblocks": {"blocked": ["192.0.2.0/25"]}, "deny": "blocked"}},
            {"firewall": {"netblocks": {"blocked": ["192.0.2.0/24", "203.0.113.0/28"]}}}),
    Feature("silence", {"firewall": {"reject": False}}, {"firewall": {"reject": True, "log": False}}),
    Feature("no answer to echo", {"firewall": {"ping": False}}, {"firewall": {"ping": True}}),
    Feature("segment", _LABS, {"segments": {"labs": {"vlan": 61}}}),
    Feature("IPv6", {"prefix6": "2001:db8:30::/48"}, {"segments": {"office": {"ipv6": False}}}),
    Feature("remote site", {"remotes": {"porto": {"kind": "site", "prefixes": ["10.99.0.0/16"], "via": "servers"}},
                            "flows": [{"from": "porto", "to": "pbx-1", "service": "ssh"}]},
            {"remotes": {"porto": {"prefixes": ["10.98.0.0/16"]}}}),
    Feature("by the clock", {"schedules": {"work": {"start": "08:00", "end": "18:00"}}, "flows": [
        {"from": "office", "to": "pbx-1", "service": "ssh", "schedule": "work"}]},
            {"schedules": {"work": {"end": "19:00", "days": ["monday", "friday"]}}}, "flow-schedule"),
    Feature("rate", {"hosts": {"mbg-1": {"public": "198.51.100.10", "expose": [
        {"service": "minet-tls", "from": "any", "connections_per_second": 20}]}}},
            {"hosts": {"mbg-1": {"expose": [{"service": "minet-tls", "from": "any", "connections_per_second": 30}]}}},
            "flow-rate"),
    Feature("VRF", {"segments": {"dmz": {"vrf": "outer"}}}, {"segments": {"dmz": {"vrf": "other"}}}, "vrf"),
    Feature("VPN", VPN,
            {"remotes": {"porto": {"prefixes": ["10.99.0.0/17", "10.98.0.0/16"]}},
             "firewall": {"vpns": {"to-porto": {"peer": "203.0.113.10", "local": ["call-control", "servers"]}}}},
            "site-to-site-vpn"),
)
RADIUS = (
    *EVERYWHERE,
    _snmp("radius"),
    Feature("phone by certificate", {"endpoints": {"room-2": {"kind": "phone", "model": "6930",
                                                              "mac": "08:00:0F:10:01:02"}}},
            {"endpoints": {"room-2": {"mac": "08:00:0F:10:01:03"}}}),
    Feature("phone by password", {"endpoints": {"room-2": {"kind": "phone", "model": "5330",
                                                           "mac": "08:00:0F:10:01:02"}}},
            {"endpoints": {"room-2": {"eap": "mab"}}}),
    Feature("PC", {"endpoints": {"desk": {"kind": "pc", "mac": "02:00:00:20:00:01", "eap": "peap"}}},
            {"segments": {"office": {"vlan": 31}}}),
    Feature("MAC addresses", {"mac_lists": {"copiers": {"kind": "printer", "segment": "office",
                                                        "macs": ["02:00:00:80:10:01"]}}},
            {"mac_lists": {"copiers": {"macs": ["02:00:00:80:10:02", "02:00:00:80:10:03"]}}}),
    Feature("vendors", {"mac_lists": {"old": {"kind": "phone", "vendors": ["08:00:0F"]}}},
            {"mac_lists": {"old": {"vendors": ["00:08:5D"]}}}, "mac-vendors"),
    Feature("client", {"devices": {"sw-2": {"role": "access-switch", "platform": "cisco_ios", "management": 12,
                                            "ports": {"1": "pc", "24": "sw-1"}}}},
            {"devices": {"sw-2": {"management": 13}}}),
)
DHCP = (
    *EVERYWHERE,
    _snmp("dhcp"),
    Feature("another segment", {"devices": {"dhcp-1": {"serves": ["phones", "office"]}}},
            {"segments": {"office": {"dhcp": "50-60"}}}),
    Feature("range", {"segments": {"phones": {"dhcp": "20-30"}}}, {"segments": {"phones": {"dhcp": "20-40"}}}),
    Feature("lease", {"phones": {"lease_seconds": 600}}, {"phones": {"lease_seconds": 7200}}),
    Feature("reservation", {"phones": {"reserve": True}, "hosts": {"desk-1": {
        "kind": "console", "segment": "phones", "address": 50, "mac": "02:00:00:30:00:01"}}},
            {"hosts": {"desk-1": {"mac": "02:00:00:30:00:02"}}}),
    Feature("call server", {"hosts": {"pbx-2": {"kind": "mivoice-business", "segment": "call-control", "address": 11}}},
            {"hosts": {"pbx-2": {"address": 12}}}),
    Feature("resolver", {"services": {"dns": ["radius-2"]}}, {"services": {"dns": ["radius-2", "log-1"]}}),
    Feature("marks", {"qos": {"profile": "cisco-compatible"}}, {"qos": {"profile": "mitel-sip-firmware"}}),
)
SUBJECTS = {"core-switch": ("sw-1", SWITCH), "firewall": ("fw-1", FIREWALL), "radius": ("radius-1", RADIUS),
            "dhcp": ("dhcp-1", DHCP)}
"""By role: the device, and what it may be asked."""


def roles(member: Member) -> list[str]:
    """The roles in which a platform is tried."""
    return [role for role in SUBJECTS if role in member.capabilities.roles
            or (role == "core-switch" and "access-switch" in member.capabilities.roles)]


def definition(member: Member, role: str, *patches: Patch) -> Patch:
    """The small site with one device of the platform in a role, patched."""
    site: Patch = deepcopy(SITE)
    for patch in patches:
        merge(site, patch)
    devices = site["devices"]
    for name, usual in (("sw-1", "openvswitch" if role == "firewall" else "cisco_ios"), ("fw-1", "linux_nftables")):
        devices[name]["platform"] = member.name if name == SUBJECTS[role][0] else usual
    if role in {"radius", "dhcp"}:
        devices[SUBJECTS[role][0]]["platform"] = member.name
    switch = devices["sw-1"]
    if model := model_with_dot1x(switch["platform"]):
        switch["model"] = model
    if switch["platform"] == "openvswitch":
        switch["ports"] = {f"p{key}": value for key, value in switch["ports"].items()}
    if "core-switch" not in member.capabilities.roles and role == "core-switch":
        switch["role"] = "access-switch"
    return site


def merge(target: Patch, patch: Patch) -> None:
    """Lay a patch over a definition, in place; lists and ports are replaced."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict) and isinstance(target.get(key), dict) and "role" not in value:
            merge(target[key], value)
        else:
            target[key] = deepcopy(value)
