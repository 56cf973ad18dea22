"""Intent to text with provenance."""

from punchdown.render.engine import render_device

__all__ = ["render_device"]
