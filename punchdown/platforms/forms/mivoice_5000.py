"""MiVoice 5000: nothing public says how to import or export, so that everything is typed or attested."""

from __future__ import annotations

from punchdown.platforms.forms.contract import FormProduct

PRODUCT = FormProduct("mivoice-5000", before=("No import is published for this product.",))
