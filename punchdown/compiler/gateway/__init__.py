"""Settings of voice gateways: written forms against the catalogue and the site, resolved field by field."""

from punchdown.compiler.gateway.check import check_gateways
from punchdown.compiler.gateway.resolve import gateway_settings, host_settings

__all__ = ["check_gateways", "gateway_settings", "host_settings"]
