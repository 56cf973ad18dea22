"""FortiGate firewalls with FortiOS 7.2 and later, in policy-based NAT mode."""

from __future__ import annotations

from punchdown.platforms.fortinet_fortios import capabilities, change, compare, effects, masking, policy, state, words
from punchdown.platforms.fortinet_fortios.adopt import ADOPTER
from punchdown.platforms.lines import CommandLine, at_once

PLATFORM = CommandLine(
    name="fortinet_fortios", netmiko_type="fortinet", ansible_network_os="fortinet.fortios.fortios",
    capabilities=capabilities.CAPABILITIES, document=capabilities.DOCUMENT, refuse=capabilities.refusals,
    template_filters=words.FILTERS, read_commands=(*masking.READ_COMMANDS, *state.READ_COMMANDS), read=masking.fetch,
    judge=compare.compare, change=change.FortiosChange, expect=state.expectations, look=state.observe,
    filters=policy.policy, steps=at_once(change.COMMIT, effects.after), adopter=ADOPTER)
