"""Kea; its own server judges it in tests of its own."""

from tests.contract.member import Member

_CONFIG = "/etc/kea/kea-dhcp4.conf"
MEMBER = Member("kea", _CONFIG, shows=lambda documents: {**documents, "live:kea-dhcp4": documents[_CONFIG]})
