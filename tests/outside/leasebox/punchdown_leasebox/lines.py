"""The configuration as sections of lines: what a line replaces, what it adds to, how it is taken away."""

from __future__ import annotations

DOCUMENT = "configuration"
OURS = "pd-"
SINGLE = frozenset({"hostname", "address", "idle-timeout", "network", "range", "router", "lease", "phones", "tftp"})
"""First words of lines of which a section holds one: a new one replaces it. Of others it holds several, in order."""
FAMILIES = frozenset({"hostname", "address", "idle-timeout", "permit", "banner", "ntp", "syslog"})
"""First words of the lines outside of pools that are ours, whoever typed them."""
Config = dict[str, list[str]]
"""Section ("" outside of any, else ``pool NAME``) to its lines."""


def parsed(text: str) -> Config:
    """A configuration as it is rendered or shown; comments and blank lines say nothing."""
    config: Config = {"": []}
    place = ""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            place = applied(config, place if line.startswith(" ") else "", line)
    return config


def applied(config: Config, place: str, line: str) -> str:
    """Type one line in a section; the section in which the next one is typed."""
    words = " ".join(line.split()) if '"' not in line else line.strip()
    away = words.startswith("no ")
    words = words.removeprefix("no ")
    if words.startswith("pool "):
        if away:
            config.pop(words, None)
            return ""
        config.setdefault(words, [])
        return words
    lines = config[place if line.startswith(" ") else ""]
    first = words.split()[0]
    if away:
        lines[:] = [known for known in lines if known != words and not (first in SINGLE and known.split()[0] == first)]
    elif first in SINGLE and (same := [known for known in lines if known.split()[0] == first]):
        lines[lines.index(same[0])] = words
    elif words not in lines:
        lines.append(words)
    return place if line.startswith(" ") else ""


def shown(config: Config) -> str:
    """As the device shows it."""
    return "".join(f"{section}\n" * bool(section) + "".join(f"{' ' * bool(section)}{line}\n" for line in lines)
                   for section, lines in config.items())
