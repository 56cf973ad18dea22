"""A site definition to device intents and its flow matrix."""

from punchdown.compiler.estate import compile_estate, judge_estate
from punchdown.compiler.site import CompiledSite, compile_site, judge_site

__all__ = ["CompiledSite", "compile_estate", "compile_site", "judge_estate", "judge_site"]
