"""MiVoice Business and the 3300 ICP: one file for each form that the release's import spreadsheet offers."""

from __future__ import annotations

from punchdown.platforms.forms.contract import FormProduct

PRODUCT = FormProduct(
    "mivoice-business",
    before=(
        "Only forms with an Import button take a file. Files of one release do not fit another.",
        "Look at the preview before you import; conflicts show only during the import.",
        "An import adds and changes records. It never deletes one.",
        "Do not save the files again with a spreadsheet program: it can spoil them.",
        "The third failed login in a row locks a user out.",
    ),
    records_per_file=2500)
"""Source: MiVoice Business help (About the Import Spreadsheet; Creating an Import File; Preview and Import)."""
