"""FreeRADIUS; its own server judges it in tests of its own."""

from collections.abc import Mapping

from tests.contract.member import Member

_LINKS = "links:freeradius"


def shows(documents: Mapping[str, str]) -> dict[str, str]:
    """A link is shown with where it leads."""
    links = "".join(f"/etc/freeradius/3.0/{name} ../{name.replace('enabled', 'available')}\n"
                    for name in documents[_LINKS].split())
    return {**documents, _LINKS: links}


MEMBER = Member("freeradius", "/etc/freeradius/3.0/clients.conf", shows=shows)
