"""``python -m tests.fuzz.long [SECONDS]``: atheris over loader and model, guided by coverage, for a bounded time.

What crashes is left as ``crash-*`` in the folder that is printed. Needs the extra ``fuzz``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import mkdtemp

import atheris

with atheris.instrument_imports(include=["punchdown.loader", "punchdown.model"]):
    from tests.fuzz.mutations import BASE, TOKENS, check_text

SECONDS = 600


def main() -> None:
    """Fuzz until the time is over or something breaks; atheris ends the process with the outcome."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    folder = Path(mkdtemp(prefix="punchdown-fuzz-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "base").write_text(BASE.replace("profile: base", "site: lisbon"))
    (corpus / "short").write_text("site: lisbon\nextends: base\n")
    words = folder / "words"
    escaped = ("".join(f"\\x{byte:02x}" for byte in token.encode()) for token in TOKENS)
    words.write_text("".join(f'"{token}"\n' for token in escaped))
    print(f"corpus and findings: {folder}")
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-dict={words}", f"-artifact_prefix={folder}/", f"-max_total_time={seconds}",
         "-max_len=8192", "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"],
        lambda data: check_text(folder / "estate", data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
