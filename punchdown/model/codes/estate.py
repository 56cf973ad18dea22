"""PD16xx: sites that can't both be true."""

from __future__ import annotations

from punchdown.model.codes.code import Code

CODES = (
    Code(1601, "site-duplicate", "One site in two files",
         "Only one of the two could be applied.",
         "each site in one file"),
    Code(1602, "device-twice", "One device name in two sites",
         "Credentials, host keys and the journal go by the device's name; a change for one could reach the other.",
         "device names that are unique in the estate"),
    Code(1603, "prefix-overlap-sites", "Segments of two sites overlap",
         "Between the sites an address has no single way to it.",
         "prefixes that share no address"),
    Code(1604, "address-twice-sites", "One address in two sites",
         "A filter, a log line or a session could mean either of them.",
         "an address of its own for each host and device"),
    Code(1605, "mac-twice-sites", "One MAC address in two sites",
         "No two machines have one MAC address: one entry was copied and not changed.",
         "a MAC address of its own"),
    Code(1606, "radius-secret-shared", "One RADIUS secret for two sites",
         "Whoever reads it off one switch can speak for the switches of the other site.",
         "a secret of its own for each site"),
    Code(1607, "vlan-trunk-clash", "VLAN numbers that clash on a shared trunk",
         "On the trunk between the two sites one number stands for two segments, so that their frames mix.",
         "one number for one segment on the trunk"),
    Code(1608, "nat-clash-sites", "Two sites forward one public port",
         "The Internet reaches one of them only.",
         "each public address, protocol and port in one site"),
    Code(1609, "sites-none", "An estate without sites",
         "There is nothing to check; sites are read from sites/*.yml.",
         "a file in sites/"),
    Code(1610, "wan-twice-sites", "One WAN address for two sites",
         "The provider routes the address to one of them.",
         "a WAN address of its own for each site"),
)
