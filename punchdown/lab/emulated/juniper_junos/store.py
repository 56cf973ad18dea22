"""A configuration as a tree: set, delete, deactivate, insert; and how it prints itself.

Entries of lists stand sorted, but for those whose order is meaning (terms, filters). Everything else prints in the
order of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from punchdown.lab.emulated.juniper_junos.schema import ROOT, Node, fits, rivals
from punchdown.lab.emulated.juniper_junos.secretwords import KEPT_AS, localised

Path = tuple[str, ...]
NOT_FOUND = "warning: statement not found"
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([\[\]])|([^\s"\[\]]+)')
_BARE = re.compile(r"[^\s\"\[\]{};#<>\\|]+")


class SyntaxFault(Exception):
    """A word that is not understood: where it begins in the line, and what the device says."""

    def __init__(self, column: int, text: str = "syntax error.") -> None:
        super().__init__(text)
        self.column, self.text = column, text


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a command line; ``quoted`` ones are no keywords."""

    text: str
    column: int
    quoted: bool = False
    bracket: bool = False


def tokenise(line: str) -> list[Token]:
    """The words of a line. Raises SyntaxFault where a quote does not end."""
    found, end = [], 0
    for match in _TOKEN.finditer(line):
        if line[end:match.start()].strip():
            raise SyntaxFault(end)
        end = match.end()
        if match[1] is not None:
            found.append(Token(match[1], match.start(), quoted=True))
        else:
            found.append(Token(match[2] or match[3], match.start(), bracket=bool(match[2])))
    if line[end:].strip():
        raise SyntaxFault(end)
    return found


@dataclass(slots=True)
class Branch:
    """A container, an entry of a list, or a setting. ``below`` maps words to what stands under them, ``values`` are a
    setting's. ``inactive``: it is kept and does nothing. ``named``: an entry, which stays when it is empty."""

    below: dict[str, Branch] = field(default_factory=dict)
    values: list[str] = field(default_factory=list)
    inactive: bool = False
    named: bool = False

    def copied(self) -> Branch:
        """The same with all below."""
        return Branch({word: one.copied() for word, one in self.below.items()}, list(self.values), self.inactive,
                      self.named)

    def get(self, *path: str) -> Branch | None:
        """What stands at a path, nothing when any of it is missing or inactive."""
        here: Branch | None = self
        for word in path:
            here = here.below.get(word) if here is not None else None
            if here is None or here.inactive:
                return None
        return here

    def value(self, *path: str) -> str:
        """The value of a setting, empty without one."""
        found = self.get(*path)
        return found.values[0] if found and found.values else ""

    def entries(self, *path: str) -> dict[str, Branch]:
        """The active entries of a list."""
        found = self.get(*path)
        return {name: one for name, one in found.below.items() if not one.inactive} if found else {}


class Tree:
    """One configuration. ``scramble`` turns what is typed as a secret into what is stored; ``engine`` is the name with
    which the passwords of SNMPv3 users are made into keys."""

    def __init__(self, scramble: Callable[[str], str], engine: str = "") -> None:
        self.root = Branch()
        self._engine = engine
        self._scramble = scramble
        self._text: str | None = None

    def copied(self) -> Tree:
        """Another of the same content."""
        other = Tree(self._scramble, self._engine)
        other.root, other._text = self.root.copied(), self._text
        return other

    @property
    def text(self) -> str:
        """The configuration as ``display set`` prints it."""
        if self._text is None:
            self._text = "".join(f"{line}\n" for line in self.lines())
        return self._text

    def set(self, tokens: list[Token]) -> None:
        """Take one ``set`` command. Raises SyntaxFault; the tree is then as before."""
        self._text = None
        for step in self._steps(tokens):
            self._put(*step)

    def _steps(self, tokens: list[Token]) -> list[tuple[Path, list[str], bool]]:
        """What the words say, checked whole before any acts: (path, values, several) for each thing that they name.
        After a value the words go on beside it."""
        node, at = ROOT, 0
        path: Path = ()
        steps: list[tuple[Path, list[str], bool]] = []
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if node.entry and (token.quoted or token.text not in node.keys):
                if why := fits(node.entry, token.text):
                    raise SyntaxFault(token.column, why)
                node, path = node.below or Node(), (*path, token.text)
            else:
                child = node.keys[_keyword(node, token)]
                if child.leaf and not (at < len(tokens) and tokens[at].text in child.keys):
                    values, at = self._values(child, tokens, at)
                    steps.append(((*path, KEPT_AS.get(child.word, child.word)), values, child.many))
                    continue
                node, path = child, (*path, child.word)
            steps.append((path, [], False))
        if not steps or (node.entry and not steps[-1][1]):
            raise SyntaxFault(_end(tokens), "missing argument.")
        return steps

    def _values(self, node: Node, tokens: list[Token], at: int) -> tuple[list[str], int]:
        if at >= len(tokens):
            raise SyntaxFault(_end(tokens), "missing argument.")
        if tokens[at].bracket and tokens[at].text == "[":
            end = next((place for place in range(at, len(tokens)) if tokens[place].text == "]"), None)
            if end is None or not node.many:
                raise SyntaxFault(tokens[at].column)
            chosen, after = tokens[at + 1:end], end + 1
        else:
            chosen, after = [tokens[at]], at + 1
        for one in chosen:
            if why := fits(node.value, one.text):
                raise SyntaxFault(one.column, why)
        return [self._stored(node, one.text) for one in chosen], after

    def _stored(self, node: Node, text: str) -> str:
        if node.word in KEPT_AS:
            return self._scramble(localised(text, self._engine))
        return self._scramble(text) if node.word == "secret" else text

    def _put(self, path: Path, values: list[str], many: bool) -> None:
        here, node = self.root, ROOT
        for word in path:
            entry = bool(node.entry) and word not in node.keys
            if word not in here.below:
                for rival in () if entry else rivals(word):
                    here.below.pop(rival, None)
                here.below[word] = Branch(named=entry)
            here = here.below[word]
            node = node.below if entry and node.below else node.keys.get(word, Node())
        if values:
            here.values = [*here.values, *(one for one in values if one not in here.values)] if many else values

    def _locate(self, tokens: list[Token]) -> tuple[Path, str]:
        """The full words of a path that need not exist, and the value of a setting of several at its end."""
        node = ROOT
        path: Path = ()
        for at, token in enumerate(tokens):
            if node.leaf and token.text not in node.keys:
                if not node.many or at != len(tokens) - 1:
                    raise SyntaxFault(token.column)
                return path, token.text
            if node.entry and (token.quoted or token.text not in node.keys):
                if why := fits(node.entry, token.text):
                    raise SyntaxFault(token.column, why)
                node, path = node.below or Node(), (*path, token.text)
            else:
                node = node.keys[_keyword(node, token)]
                path = (*path, node.word)
        return path, ""

    def delete(self, tokens: list[Token]) -> str:
        """Take away a statement with all below; what is not there is a warning."""
        self._text = None
        path, value = self._locate(tokens)
        if not path:
            raise SyntaxFault(0, "missing argument.")
        chain = [self.root]
        for word in path:
            if word not in chain[-1].below:
                return NOT_FOUND
            chain.append(chain[-1].below[word])
        if value:
            if value not in chain[-1].values:
                return NOT_FOUND
            chain[-1].values.remove(value)
            if chain[-1].values:
                return ""
        del chain[-2].below[path[-1]]
        for at in range(len(path) - 1, 0, -1):
            branch = chain[at]
            if branch.below or branch.values or branch.named:
                break
            del chain[at - 1].below[path[at - 1]]
        return ""

    def activate(self, tokens: list[Token], *, inactive: bool) -> str:
        """Switch a statement off or on again."""
        self._text = None
        path, _ = self._locate(tokens)
        here = self.root
        for word in path:
            if word not in here.below:
                return NOT_FOUND
            here = here.below[word]
        here.inactive = inactive
        return ""

    def insert(self, tokens: list[Token]) -> str:
        """Move an entry of a list whose order counts: ``... term NEW before term OLD``."""
        self._text = None
        at = next((place for place, token in enumerate(tokens) if token.text in {"before", "after"}), 0)
        if not at or len(tokens) != at + 3:
            raise SyntaxFault(tokens[-1].column if tokens else 0)
        path, _ = self._locate(tokens[:at])
        parent = self.root
        for word in path[:-1]:
            if word not in parent.below:
                return NOT_FOUND
            parent = parent.below[word]
        moved, other = path[-1], tokens[at + 2].text
        if moved not in parent.below or other not in parent.below:
            return NOT_FOUND
        names = [name for name in parent.below if name != moved]
        names.insert(names.index(other) + (tokens[at].text == "after"), moved)
        parent.below = {name: parent.below[name] for name in names}
        return ""

    def number_accounts(self) -> None:
        """Give every account a number that has none."""
        accounts = self.root.entries("system", "login", "user")
        free = max((int(one.value("uid") or 1999) for one in accounts.values()), default=1999) + 1
        for one in accounts.values():
            if not one.value("uid"):
                self._text = None
                one.below["uid"], free = Branch(values=[str(free)]), free + 1

    def lines(self) -> Iterator[str]:
        """Its statements, one by one."""
        yield from _lines(self.root, ROOT, "")


def _keyword(node: Node, token: Token) -> str:
    words = [] if token.quoted else node.find(token.text)
    if len(words) != 1:
        raise SyntaxFault(token.column, f"'{token.text}' is ambiguous." if words else "syntax error.")
    return words[0]


def _end(tokens: list[Token]) -> int:
    return tokens[-1].column + len(tokens[-1].text) if tokens else 0


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorting key: numbers count as numbers."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", name))


def _word(word: str) -> str:
    return word if _BARE.fullmatch(word) else f'"{word}"'


def _lines(branch: Branch, node: Node, path: str) -> Iterator[str]:
    """``path`` is empty or ends in a blank."""
    if branch.inactive:
        yield f"deactivate {path.rstrip()}"
    for value in branch.values:
        yield f'set {path}"{value}"' if value.startswith("$") else f"set {path}{_word(value)}"
    if not branch.values and not branch.below and path:
        yield f"set {path.rstrip()}"
    names = [word for word in branch.below if word not in node.keys]
    for name in names if node.ordered else sorted(names, key=natural):
        yield from _lines(branch.below[name], node.below or Node(), f"{path}{_word(name)} ")
    for word in node.keys:
        if word in branch.below:
            yield from _lines(branch.below[word], node.keys[word], f"{path}{word} ")
