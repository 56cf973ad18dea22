"""The vendor's recommendations, one control each: what it asks, where it stands, and how it can be shown."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Looks:
    """What looks from outside must see of every gateway of a product: facts as ``verify.probes`` names them."""

    product: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """How punchdown shows a control: ``lines`` of devices that cite it, ``claims`` about the definition (names of
    rules), what is ``proved`` of what devices let through, ``looks`` from outside, and whether a person must vouch for
    the rest.

    ``proved`` are the declared ``flows`` that serve the control (open to their clients, and to them alone), pairs of
    trust zones ``data>voice`` (nothing undeclared gets from one to the other; ``any`` is every zone), ``forged`` (so do
    no forged sources) and ``unauthenticated`` (ports that ask for 802.1X reach nothing before)."""

    lines: bool = False
    claims: tuple[str, ...] = ()
    proved: tuple[str, ...] = ()
    attest: bool = False
    looks: Looks | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """``paper`` and ``section`` are its source, ``places`` where it takes effect (switch, firewall, gateway-mbg ...),
    ``proof`` what can show it (render, verify, probe, export, attest), ``needs`` the traits of the sites it applies to.
    ``open`` is the key of the reason why a machine could show it and punchdown does not yet, empty otherwise."""

    id: str
    domain: str
    title: str
    asks: str
    paper: str
    section: str
    severity: str
    places: tuple[str, ...]
    proof: tuple[str, ...]
    needs: tuple[str, ...] = ()
    shown: Shown | None = None
    open: str = ""


@dataclass(frozen=True, slots=True)
class Trait:
    """A property of a site. It holds when ``at_least`` items of ``collection`` (dotted path, empty: the site itself)
    match one of the patterns in every place of ``where``; ``otherwise`` says in words that it does not."""

    name: str
    collection: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    at_least: int
    otherwise: str


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(
        files("punchdown").joinpath("catalog", "data", name).read_text("utf-8"), Loader=yaml.CSafeLoader)
    return data


@cache
def _index() -> dict[str, Any]:
    return _read("controls.yml")


def _control(name: str, domain: str, item: dict[str, Any]) -> Control:
    return Control(
        name, domain, item["title"], item["asks"], item["paper"], item["section"], item["severity"], tuple(item["at"]),
        tuple(item["proof"]), tuple(item.get("needs", ())),
        _shown(item["shown"]) if "shown" in item else None, item.get("open", ""))


def _shown(item: dict[str, Any]) -> Shown:
    looks = item.get("looks")
    return Shown(item.get("lines", False), tuple(item.get("claims", ())), tuple(item.get("proved", ())),
                 item.get("attest", False), Looks(looks["of"], tuple(looks["facts"])) if looks else None)


@cache
def controls() -> dict[str, Control]:
    """Every control by id, domain after domain."""
    return {name: _control(name, domain, item)
            for domain in domains() for name, item in _read(f"controls-{domain}.yml").items()}


@cache
def domains() -> dict[str, str]:
    """Domain to its title, in the order of reports."""
    return dict(_index()["domains"])


@cache
def papers() -> dict[str, str]:
    """Key of a paper to its title."""
    return dict(_index()["papers"])


@cache
def open_reasons() -> dict[str, str]:
    """Why a control that a machine could show is not shown, in words."""
    return dict(_index()["open"])


@cache
def traits() -> dict[str, Trait]:
    """Every trait by name."""
    return {
        name: Trait(name, item["in"], tuple((place, tuple(map(str, patterns)))
                                            for place, patterns in item["where"].items()),
                    item.get("at_least", 1), item["otherwise"])
        for name, item in _index()["traits"].items()
    }


def closest_control(word: str) -> str:
    """The id that is most like a word, empty when none is.

    >>> closest_control("acl-smrd")
    'acl-smdr'
    """
    return next(iter(difflib.get_close_matches(word, controls(), n=1, cutoff=0.6)), "")
