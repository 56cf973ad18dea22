"""A site definition to device intents and its flow matrix."""

from punchdown.compiler.checks_estate import check_claims
from punchdown.compiler.claims import Claim
from punchdown.compiler.estate import compile_estate
from punchdown.compiler.judge import Judgement, judge
from punchdown.compiler.site import CompiledSite, compile_site

__all__ = ["Claim", "CompiledSite", "Judgement", "check_claims", "compile_estate", "compile_site", "judge"]
