"""A site definition to device intents and its flow matrix."""

from punchdown.compiler.site import CompiledSite, compile_site

__all__ = ["CompiledSite", "compile_site"]
