"""The tables of a FortiGate, fields in the order in which the device shows them.

Only what a voice site's firewall needs; whatever else is typed is refused. Source: the platform's fact sheet; vendor's
CLI reference 7.4, table by table.
"""

from __future__ import annotations

from punchdown.lab.emulated.fortinet_fortios.schema import Field, Table, Values

ZERO: Values = ("0.0.0.0", "0.0.0.0")  # noqa: S104 - how the device writes that there is no address
_OFF: Values = ("disable",)
_ON: Values = ("enable",)
_INTERFACES = ("system interface", "system zone")
_ADDRESSES = ("firewall address", "firewall addrgrp")
_ADDRESSES6 = ("firewall address6", "firewall addrgrp6")
_SERVICES = ("firewall service custom", "firewall service group")


def _switch(name: str, default: Values = _OFF, when: tuple[str, tuple[str, ...]] | None = None) -> Field:
    return Field(name, default=default, when=when)


def _refers(name: str, *tables: str, several: bool = False, must: bool = False, default: Values = (),
            when: tuple[str, tuple[str, ...]] | None = None) -> Field:
    return Field(name, "reference", default, (), high=79, tables=tables, several=several, must=must, when=when)


def _text(name: str, length: int, *, must: bool = False) -> Field:
    return Field(name, "text", (), (), high=length, must=must)


_ACCESS = ("ping", "https", "ssh", "snmp", "http", "telnet", "fgfm", "radius-acct", "probe-response", "fabric", "ftm",
           "capwap")
_IPV6 = Table("ipv6", (
    Field("ip6-mode", default=("static",), options=("static", "dhcp", "pppoe", "delegated")),
    Field("ip6-allowaccess", options=_ACCESS, several=True),
    Field("ip6-address", "prefix6", ("::/0",)), _switch("ip6-send-adv")))
_SECONDARY = Table("secondaryip", (Field("ip", "mask", ZERO), Field("allowaccess", options=_ACCESS, several=True)),
                   keyed=True, numbered=True)

_POLICY = Table("firewall policy", (
    _switch("status", _ON), _text("name", 35), _refers("srcintf", *_INTERFACES, "=any", several=True, must=True),
    _refers("dstintf", *_INTERFACES, "=any", several=True, must=True),
    Field("action", default=("deny",), options=("accept", "deny", "ipsec")),
    _refers("srcaddr", *_ADDRESSES, several=True),
    _refers("dstaddr", *_ADDRESSES, "firewall vip", "firewall vipgrp", several=True),
    _refers("srcaddr6", *_ADDRESSES6, several=True), _refers("dstaddr6", *_ADDRESSES6, several=True),
    _switch("srcaddr-negate"), _switch("dstaddr-negate"), _switch("service-negate"),
    _refers("schedule", "firewall schedule recurring", "firewall schedule onetime", must=True),
    _refers("service", *_SERVICES, several=True, must=True),
    Field("logtraffic", default=("utm",), options=("all", "utm", "disable")), _switch("logtraffic-start"),
    _switch("match-vip", _ON, ("action", ("deny",))), _switch("send-deny-packet", when=("action", ("deny",))),
    _switch("nat", when=("action", ("accept",))), _switch("ippool", when=("nat", ("enable",))),
    _refers("poolname", "firewall ippool", several=True, when=("ippool", ("enable",))),
    _switch("utm-status", when=("action", ("accept",))),
    _switch("diffserv-forward", when=("action", ("accept",))),
    _switch("diffserv-reverse", when=("action", ("accept",))),
    Field("diffservcode-forward", "bits", ("000000",), when=("diffserv-forward", ("enable",))),
    Field("diffservcode-rev", "bits", ("000000",), when=("diffserv-reverse", ("enable",))),
    _text("comments", 1023), _text("label", 63), _text("global-label", 63)),
    keyed=True, numbered=True, own_id=True, ordered=True)


def _syslog(number: str) -> tuple[Table, Table]:
    on = ("status", ("enable",))
    return (
        Table(f"log syslogd{number} setting", (
            _switch("status"), Field("server", "host", high=127, when=on),
            Field("mode", default=("udp",), options=("udp", "legacy-reliable", "reliable"), when=on),
            Field("port", "int", ("514",), high=65535, when=on),
            Field("facility", default=("local7",), when=on, options=(
                "kernel", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
                "ntp", "audit", "alert", "clock", *(f"local{place}" for place in range(8)))),
            Field("source-ip", "ip", when=on),
            Field("format", default=("default",), options=("default", "csv", "cef", "rfc5424", "json"), when=on))),
        Table(f"log syslogd{number} filter", (
            Field("severity", default=("information",), options=(
                "emergency", "alert", "critical", "error", "warning", "notification", "information", "debug")),
            _switch("forward-traffic", _ON), _switch("local-traffic", _ON))))


_CIPHERS = ("null", "des", "3des", "aes128", "aes192", "aes256")
_HASHES = ("md5", "sha1", "sha256", "sha384", "sha512")
_PROPOSALS = (*(f"{cipher}-{word}" for cipher in _CIPHERS for word in _HASHES), "aes128gcm", "aes256gcm",
              "chacha20poly1305", "aes128gcm-prfsha256", "aes256gcm-prfsha384")
_GROUPS = ("1", "2", "5", *(str(number) for number in (*range(14, 22), *range(27, 33))))
_BY_ADDRESS = ("src-addr-type", ("subnet",))

TABLES: tuple[Table, ...] = (
    Table("system global", (
        Field("admin-port", "int", ("80",), low=1, high=65535),
        Field("admin-sport", "int", ("443",), low=1, high=65535),
        Field("admin-ssh-port", "int", ("22",), low=1, high=65535), _switch("admin-telnet", _ON),
        Field("admintimeout", "int", ("5",), low=1, high=480), _text("alias", 35),
        Field("cfg-save", default=("automatic",), options=("automatic", "manual", "revert")),
        Field("cfg-revert-timeout", "int", ("600",), low=10, when=("cfg-save", ("revert",))),
        _text("hostname", 35), _switch("post-login-banner"), _switch("pre-login-banner"), _switch("strong-crypto", _ON),
        Field("timezone", "host", ("US/Pacific",), high=63))),
    Table("system console", (Field("output", default=("more",), options=("standard", "more")),
                             Field("mode", default=("line",), options=("batch", "line")))),
    Table("system accprofile", (Field("sysgrp", default=("none",), options=("none", "read", "read-write", "custom")),
                                Field("fwgrp", default=("none",), options=("none", "read", "read-write", "custom"))),
          keyed=True),
    Table("system interface", (
        _refers("vdom", "=root", must=True),
        Field("mode", default=("static",), options=("static", "dhcp", "pppoe")), Field("ip", "mask", ZERO),
        Field("allowaccess", options=_ACCESS, several=True), _switch("src-check", _ON),
        Field("status", default=("up",), options=("up", "down")),
        Field("type", default=("vlan",), options=("physical", "vlan", "aggregate", "loopback", "tunnel")),
        _text("alias", 25), _text("description", 255),
        Field("role", default=("undefined",), options=("lan", "wan", "dmz", "undefined")),
        Field("snmp-index", "int", ("0",)),
        _refers("interface", "system interface", must=True, when=("type", ("vlan", "tunnel"))),
        Field("vlanid", "int", ("0",), high=4094, when=("type", ("vlan",)))),
        keyed=True, inner=(_IPV6, _SECONDARY), name_length=15),
    Table("system zone", (Field("intrazone", default=("deny",), options=("allow", "deny")),
                          _refers("interface", "system interface", several=True)), keyed=True, name_length=35),
    Table("system admin", (
        _switch("remote-auth"), _refers("accprofile", "system accprofile", must=True),
        _refers("vdom", "=root", several=True),
        *(Field(f"trusthost{number}", "net", ZERO) for number in range(1, 11)),
        Field("password", "secret", high=128)), keyed=True, name_length=64),
    Table("system settings", (
        Field("opmode", default=("nat",), options=("nat", "transparent")),
        Field("ngfw-mode", default=("profile-based",), options=("profile-based", "policy-based")),
        _switch("strict-src-check"), _switch("asymroute"), _switch("central-nat"),
        _switch("sip-expectation"), _switch("sip-nat-trace", _ON),
        Field("default-voip-alg-mode", default=("proxy-based",), options=("proxy-based", "kernel-helper-based")),
        _switch("gui-allow-unnamed-policy"))),
    Table("system session-helper", (
        Field("name", default=(), must=True, options=(
            "ftp", "tftp", "ras", "h323", "tns", "mms", "sip", "pptp", "rtsp", "dns-udp", "dns-tcp", "pmap", "rsh",
            "dcerpc", "mgcp", "gtp-c", "gtp-u", "gtp-b", "pfcp")),
        Field("protocol", "int", ("0",), high=255), Field("port", "int", ("0",), high=65535)),
        keyed=True, numbered=True),
    Table("system ntp", (
        _switch("ntpsync"), Field("type", default=("fortiguard",), options=("fortiguard", "custom")),
        Field("syncinterval", "int", ("60",), low=1, high=1440)),
        inner=(Table("ntpserver", (Field("server", "host", must=True, high=63), _switch("ntpv3"),
                                   _switch("authentication")), keyed=True, numbered=True),)),
    Table("system dns", (Field("primary", "ip"), Field("secondary", "ip"))),
    *(item for number in ("", "2", "3", "4") for item in _syslog(number)),
    Table("firewall address", (
        Field("type", default=("ipmask",), options=("ipmask", "iprange", "fqdn")),
        Field("subnet", "net", ZERO, when=("type", ("ipmask",))),
        Field("start-ip", "ip", when=("type", ("iprange",)), must=True),
        Field("end-ip", "ip", when=("type", ("iprange",)), must=True),
        Field("fqdn", "host", high=255, when=("type", ("fqdn",)), must=True),
        _text("comment", 255), _refers("associated-interface", *_INTERFACES), _switch("allow-routing")),
        keyed=True, own_id=True),
    Table("firewall address6", (
        Field("type", default=("ipprefix",), options=("ipprefix", "iprange", "fqdn")),
        Field("ip6", "prefix6", ("::/0",), when=("type", ("ipprefix",))), _text("comment", 255)),
        keyed=True, own_id=True),
    Table("firewall addrgrp", (_refers("member", *_ADDRESSES, several=True, must=True), _text("comment", 255),
                               _switch("allow-routing")), keyed=True, own_id=True),
    Table("firewall addrgrp6", (_refers("member", *_ADDRESSES6, several=True, must=True), _text("comment", 255)),
          keyed=True, own_id=True),
    Table("firewall service category", (_text("comment", 255),), keyed=True, name_length=63),
    Table("firewall service custom", (
        _refers("category", "firewall service category"),
        Field("protocol", default=("TCP/UDP/UDP-Lite/SCTP",), options=(
            "TCP/UDP/UDP-Lite/SCTP", "ICMP", "ICMP6", "IP", "HTTP", "FTP")),
        Field("icmptype", "int", high=255, when=("protocol", ("ICMP", "ICMP6"))),
        Field("icmpcode", "int", high=255, when=("protocol", ("ICMP", "ICMP6"))),
        Field("protocol-number", "int", ("0",), high=254, when=("protocol", ("IP",))),
        Field("tcp-portrange", "ranges", several=True, when=("protocol", ("TCP/UDP/UDP-Lite/SCTP",))),
        Field("udp-portrange", "ranges", several=True, when=("protocol", ("TCP/UDP/UDP-Lite/SCTP",))),
        Field("sctp-portrange", "ranges", several=True, when=("protocol", ("TCP/UDP/UDP-Lite/SCTP",))),
        Field("session-ttl", "int", high=2764800), _text("comment", 255)), keyed=True),
    Table("firewall service group", (_refers("member", *_SERVICES, several=True, must=True), _text("comment", 255)),
          keyed=True),
    Table("firewall schedule recurring", (
        Field("start", "time", ("00:00",)), Field("end", "time", ("00:00",)),
        Field("day", default=("none",), several=True, options=(
            "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "none"))),
        keyed=True, name_length=31),
    Table("firewall schedule onetime", (), keyed=True, name_length=31),
    Table("firewall ippool", (
        Field("type", default=("overload",), options=("overload", "one-to-one", "fixed-port-range")),
        Field("startip", "ip", must=True), Field("endip", "ip", must=True), _switch("arp-reply", _ON),
        _text("comments", 255)), keyed=True),
    Table("firewall vip", (
        Field("id", "int", ("0",), high=65535), _text("comment", 255),
        Field("type", default=("static-nat",), options=("static-nat", "fqdn", "dns-translation")),
        Field("src-filter", "host", several=True, high=79), Field("extip", "addresses", must=True),
        Field("mappedip", "addresses", must=True, several=True),
        _refers("extintf", *_INTERFACES, "=any", must=True), _switch("arp-reply", _ON), _switch("nat-source-vip"),
        _switch("portforward"),
        Field("protocol", default=("tcp",), options=("tcp", "udp", "sctp", "icmp"), when=("portforward", ("enable",))),
        Field("extport", "ports", ("0",), when=("portforward", ("enable",))),
        Field("mappedport", "ports", ("0",), when=("portforward", ("enable",)))),
        keyed=True, own_id=True, ordered=True),
    Table("firewall vipgrp", (_refers("interface", *_INTERFACES, "=any", must=True),
                              _refers("member", "firewall vip", several=True, must=True)), keyed=True, own_id=True),
    _POLICY,
    Table("firewall local-in-policy", (
        _refers("intf", *_INTERFACES, "=any", several=True, must=True),
        _refers("srcaddr", *_ADDRESSES, several=True, must=True),
        _refers("dstaddr", *_ADDRESSES, several=True, must=True),
        Field("action", default=("deny",), options=("accept", "deny")),
        _refers("service", *_SERVICES, several=True, must=True),
        _refers("schedule", "firewall schedule recurring", must=True), _switch("status", _ON)),
        keyed=True, numbered=True, own_id=True, ordered=True),
    Table("vpn ipsec phase1-interface", (
        Field("type", default=("static",), options=("static", "dynamic", "ddns")),
        _refers("interface", "system interface", must=True),
        Field("ike-version", default=("1",), options=("1", "2")),
        Field("keylife", "int", ("86400",), low=120, high=172800),
        Field("peertype", default=("peer",), options=("any", "one", "dialup", "peer", "peergrp")),
        _switch("net-device", _ON),
        Field("proposal", default=("aes128-sha256", "aes256-sha256"), options=_PROPOSALS[5:], several=True),
        Field("dpd", default=("on-demand",), options=("disable", "on-idle", "on-demand")),
        Field("dhgrp", default=("14", "5"), options=_GROUPS, several=True), _text("comments", 255),
        Field("remote-gw", "ip", must=True, when=("type", ("static",))),
        Field("psksecret", "secret", must=True, high=128)), keyed=True, name_length=15),
    Table("vpn ipsec phase2-interface", (
        _refers("phase1name", "vpn ipsec phase1-interface", must=True),
        Field("proposal", options=_PROPOSALS, several=True, must=True), _switch("pfs", _ON),
        Field("dhgrp", default=("14", "5"), options=_GROUPS, several=True, when=("pfs", ("enable",))),
        _switch("auto-negotiate"), Field("keylifeseconds", "int", ("43200",), low=120, high=172800),
        Field("src-addr-type", default=("subnet",), options=("subnet", "name", "range", "ip")),
        Field("src-subnet", "net", ZERO, when=_BY_ADDRESS), _text("comments", 255),
        Field("dst-subnet", "net", ZERO)), keyed=True, name_length=35),
    Table("router static", (
        _switch("status", _ON), Field("dst", "net", ZERO), Field("gateway", "ip"),
        Field("distance", "int", ("10",), low=1, high=255), _refers("device", "system interface"), _switch("blackhole"),
        _text("comment", 255)), keyed=True, numbered=True),
    Table("router static6", (
        _switch("status", _ON), Field("dst", "prefix6", ("::/0",)), Field("gateway", "host", high=45),
        _refers("device", "system interface", must=True)), keyed=True, numbered=True),
)
MESSAGE = Table("system replacemsg admin", (
    Field("buffer", "text", high=32768), Field("header", default=("none",), options=("none", "http", "8bit")),
    Field("format", default=("none",), options=("none", "text", "html"))))
"""One of each kind of message; its name is the last word of the path."""
MESSAGES = ("admin-disclaimer-text", "post_admin-disclaimer-text", "pre_admin-disclaimer-text")
