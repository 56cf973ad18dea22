"""The columns of a form from an export of a real system: what can be told is proposed, the rest is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from punchdown.catalog.forms import FormField
from punchdown.errors import InputError
from punchdown.platforms.forms.columns import Column, can_map
from punchdown.platforms.forms.contract import Sheet
from punchdown.platforms.forms.export import Export

PAIRS = (("yes", "no"), ("true", "false"), ("enabled", "disabled"), ("on", "off"), ("1", "0"), ("y", "n"))
_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-]?)(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}")


def proposals(sheet: Sheet, export: Export) -> dict[str, str]:
    """Heading to field for the headings that are spelt as a label of ours, whatever the case and the punctuation."""
    labels = {_plain(item.label): item.key for item in sheet.columns if can_map(item)}
    return {header: labels[_plain(header)] for header in export.headers if _plain(header) in labels}


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def make_columns(sheet: Sheet, export: Export, fields: Mapping[str, str], words: Mapping[str, tuple[str, str]],
                 ) -> tuple[Column, ...]:
    """Every column of the export in its order, those of ``fields`` (heading to field) with how the system writes them.

    Raises:
        InputError: a heading that the export does not have, a field that the form does not have, or words for yes and
            no that neither ``words`` nor both of them in the export tell.
    """
    able = {item.key: item for item in sheet.columns if can_map(item)}
    wrong = [f"{export.name} has no column {header!r}; it has {', '.join(export.headers)}"
             for header in {**fields, **words} if header not in export.headers]
    wrong += [f"{sheet.title} has no field {field!r} that a column can stand for; there are {', '.join(able)}"
              for field in fields.values() if field not in able]
    if wrong:
        raise InputError(wrong)
    return tuple(_column(able.get(fields.get(header, "")), header, export, words) for header in export.headers)


def _column(field: FormField | None, header: str, export: Export, words: Mapping[str, tuple[str, str]]) -> Column:
    if field is None:
        return Column(header=header)
    if field.type == "bool":
        return Column(header=header, field=field.key, words=words.get(header) or _words(header, export))
    if field.type == "mac":
        found = {match[1] for cell in export.cells(header) if (match := _MAC.fullmatch(cell))}
        return Column(header=header, field=field.key, separator=found.pop() if len(found) == 1 else ":")
    return Column(header=header, field=field.key)


def _words(header: str, export: Export) -> tuple[str, str]:
    """Both words as the export writes them; one alone does not tell the other."""
    seen = {cell for cell in export.cells(header) if cell}
    for yes, no in PAIRS:
        spelt = {item.casefold(): item for item in seen}
        if len(seen) == 2 and set(spelt) == {yes, no}:
            return spelt[yes], spelt[no]
    raise InputError([f"{header}: the export does not show both words for yes and no: --words '{header}=YES/NO'"])
