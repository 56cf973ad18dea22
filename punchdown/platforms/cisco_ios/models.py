"""What follows from a switch's model. An empty or unknown model is taken for a Catalyst 9000.

Source: fact sheet, "QoS" (MLS QoS of 2960, 3560 and 3750: nothing is trusted once it is on; modular QoS of 3650 and
later: marks are trusted), "VLANs, access and voice ports" (encapsulation of trunks), "RADIUS and AAA for port access".
"""

from __future__ import annotations

import re

from punchdown.intent import DeviceIntent

_MLS = re.compile(r"(?<!\d)(?:2960|3560|3750)(?!\d)")
_ENCAPSULATES = re.compile(r"(?<!\d)(?:3560|3750)(?!\d)")


def has_mls_qos(model: str) -> bool:
    """Whether it is one of the models before modular QoS.

    >>> has_mls_qos("WS-C2960X-48FPD-L"), has_mls_qos("ws-c3750x-24p"), has_mls_qos("C9300-48P"), has_mls_qos("")
    (True, True, False, False)
    """
    return _MLS.search(model) is not None


def mls_qos(intent: DeviceIntent) -> bool:
    """Whether a device marks by MLS QoS."""
    return intent.qos is not None and has_mls_qos(intent.model)


def names_encapsulation(intent: DeviceIntent) -> bool:
    """Whether a trunk must say that it tags by IEEE 802.1Q, before it is one."""
    return _ENCAPSULATES.search(intent.model) is not None


def probes_servers_by_word(intent: DeviceIntent) -> bool:
    """Whether probes of RADIUS servers take the word ``probe-on``, as IOS XE does."""
    return not has_mls_qos(intent.model)
