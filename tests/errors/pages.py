"""``python -m tests.errors.pages``: the page of every code, out of the register and its case, into ``docs/errors``."""

from __future__ import annotations

from pathlib import Path

from punchdown.model.codes import CODES, Code

HERE = Path(__file__).parent
CASES = HERE / "cases"
PAGES = HERE.parents[1] / "docs" / "errors"
_WIDTH = 118


def page_of(code: Code) -> str:
    """The page of one code in Markdown: what, why, the wrong definition, what is printed about it, the right one."""
    case = CASES / f"{code}-{code.name}"
    head = [f"# {code}: {code.title}", f"`{code.name}`, {code.severity}", code.why, f"Expected: {code.expected}."]
    told = case.with_suffix(".md")
    if told.is_file():
        return "\n\n".join([*head, told.read_text(encoding="utf-8").strip()]) + "\n"
    if not case.with_name(case.name + ".yml").is_file():
        return "\n\n".join(head) + "\n"
    wrong, said, right = (_short(case.with_name(case.name + ending)) for ending in (".yml", ".txt", ".right.yml"))
    return "\n\n".join([
        *head, "## Wrong", f"```yaml\n{wrong}```", "`punchdown check` says:",
        f"```text\n{_relevant(code, said)}```", "## Right", f"```yaml\n{right}```",
    ]) + "\n"


def _short(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").split("\n")
    return "\n".join(line if len(line) <= _WIDTH else f"{line[:_WIDTH - 3]}..." for line in lines)


def _relevant(code: Code, text: str) -> str:
    """What is said of this code: its lines and those that belong to them."""
    kept: list[str] = []
    keep = False
    for line in text.splitlines():
        if "PD" in line and not line.lstrip().startswith(("hint:", "expected:")):
            keep = f"[{code}]" in line or f" {code}: " in line
        elif not line or not line.startswith(" "):
            keep = False
        if keep and "more on the first" not in line:
            kept.append(line)
    return "".join(f"{line}\n" for line in kept)


def index() -> str:
    """All codes on one page, by number."""
    rows = [f"| [{code}]({code}.md) | {code.severity} | {code.title} |" for code in CODES]
    return "\n".join(["# Errors and warnings", "", "`punchdown explain CODE` prints a page.", "",
                      "| code | | |", "|---|---|---|", *rows]) + "\n"


def pages() -> dict[str, str]:
    """File name to text."""
    return {"README.md": index(), **{f"{code}.md": page_of(code) for code in CODES}}


if __name__ == "__main__":
    PAGES.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for stale in set(PAGES.glob("*.md")) - {PAGES / name for name in wanted}:
        stale.unlink()
    for name, text in wanted.items():
        (PAGES / name).write_text(text, encoding="utf-8")
