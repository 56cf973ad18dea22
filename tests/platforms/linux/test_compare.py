"""Line-wise comparison: order, secrets, and what is pushed."""

from __future__ import annotations

import re

from punchdown.platforms.linux import change_of_documents, compare_lines, mask_text
from punchdown.values import ConfigLine, Difference, Document, IntendedConfig, Provenance, RunningConfig, Verdict


def document(*lines: str, name: str = "/etc/app.conf") -> Document:
    return Document(name, tuple(ConfigLine(line, Provenance(f"field-{number}")) for number, line in enumerate(lines)))


def words(line: str) -> str:
    return " ".join(line.partition("#")[0].split())


def verdicts(found: tuple[Difference, ...]) -> list[tuple[Verdict, str]]:
    return [(item.verdict, item.line) for item in found]


def test_spelling_and_comments_are_no_difference() -> None:
    assert compare_lines(document("a  b", "c"), "# hello\n\na b\n  c # why\n", words) == ()


def test_missing_extra_and_their_provenance() -> None:
    found = compare_lines(document("a", "b", "c"), "a\nx\nc\n", words)
    assert verdicts(found) == [(Verdict.MISSING, "b"), (Verdict.EXTRA, "x")]
    assert [item.source.field for item in found] == ["field-1", "field-0"]


def test_order_is_meaning() -> None:
    assert verdicts(compare_lines(document("a", "b"), "b\na\n", words)) == [(Verdict.REORDERED, "b")]


def test_a_line_twice_is_extra() -> None:
    assert verdicts(compare_lines(document("a", "b"), "a\nb\na\n", words)) == [(Verdict.EXTRA, "a")]


def test_secrets_equal_changed_and_unknowable() -> None:
    wanted = document("key <secret:k>")
    known = {"k": "<masked:11>"}
    assert compare_lines(wanted, "key <masked:11>\n", words, fingerprint=known) == ()
    assert [item.verdict for item in compare_lines(wanted, "key <masked:22>\n", words, fingerprint=known)] == [
        Verdict.MISSING, Verdict.EXTRA]
    for running, names in (("key <masked:11>\n", {}), ("key <masked:unknown>\n", known)):
        found = compare_lines(wanted, running, words, fingerprint=names)
        assert [(item.verdict, item.severity) for item in found] == [(Verdict.UNKNOWN, "unknown")]


def test_both_sides_unknown_is_unknown_not_equal() -> None:
    found = compare_lines(document("key <secret:k>"), "key <masked:unknown>\n", words)
    assert [item.verdict for item in found] == [Verdict.UNKNOWN]


def test_payload_holds_what_differs_and_what_goes_with_it() -> None:
    one, two, three = (document("x", name=name) for name in ("one", "two", "three"))
    intended = IntendedConfig("box", "linux", (one, two, three))
    found = compare_lines(one, "", words)
    change = change_of_documents(intended, RunningConfig("box", "linux", ()), found, together=(("two", "one"),))
    assert list(change.payload) == ["one", "two"]
    assert [step.text for step in change.steps] == ["replace one", "replace two"]


def test_masking_hides_the_secret_group_only() -> None:
    pattern = re.compile(r'^\s*secret = "?(?P<secret>[^"\n]+)"?$', re.MULTILINE)
    assert mask_text('a\n secret = "hunter2"\nb\n', (pattern,), lambda plain: f"<masked:{len(plain)}>") == (
        'a\n secret = "<masked:7>"\nb\n')
