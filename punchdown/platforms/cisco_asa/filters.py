"""The Jinja filters of the ASA's templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from punchdown.platforms import vpns
from punchdown.platforms.cisco_asa import logins, snmp, translations, tunnels, words

VPN_WORDS: Mapping[str, object] = {
    "filtered": tunnels.FILTERED, "group": vpns.GROUP, "lifetime": vpns.LIFETIME_SECONDS, "map": tunnels.MAP,
    "policy": tunnels.POLICY, "proposal": tunnels.PROPOSAL}
"""What is the same in every VPN."""
FILTERS: Mapping[str, Callable[..., object]] = {
    "asa_access": words.access, "asa_banner": words.banner_line, "asa_family": words.of_family,
    "asa_group": words.group_lines, "asa_inside": words.inside_prefixes, "asa_key_exchange": words.key_exchange,
    "asa_cipher": snmp.cipher, "asa_leg": logins.leg, "asa_lines": words.list_lines, "asa_logins": logins.group,
    "asa_protocol": logins.PROTOCOLS.__getitem__, "asa_name": words.name, "asa_networks": translations.network_objects,
    "asa_old_ssh": words.old_ssh, "asa_pings": words.pings, "asa_services": translations.service_objects,
    "asa_times": words.time_ranges, "asa_translations": translations.translations, "asa_tunnels": tunnels.tunnels,
    "asa_far": lambda firewall: tuple((tunnels.far_group(vpn), vpn) for vpn in firewall.vpns),
    "asa_voice": words.voice_mark, "asa_vpn_words": lambda _: VPN_WORDS,
}
