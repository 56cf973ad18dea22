"""Proofs: from rendered or running configurations of whole sites to what can reach what. Writes to no device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from punchdown.compiler import CompiledSite
from punchdown.devices import Operator, run_all
from punchdown.errors import PlanError, PunchdownError
from punchdown.pipeline.ground import Ground, ground_of, grounds_of
from punchdown.pipeline.work import Context, Selection, limits_of, target_of
from punchdown.platforms import Reader, platform
from punchdown.proof import SiteState, answer, prove, release
from punchdown.proof import compare as compare_states
from punchdown.values import IntendedConfig, Plan, Provenance, RunningConfig, file_name
from punchdown.values.policy import DevicePolicy, LineRef
from punchdown.values.proof import Proof, Proofs

Documents = Mapping[str, Mapping[str, str]]
"""Device to document name to text."""


@dataclass
class _Sources:
    """Why lines exist: by number where the text is the rendered one, else by the line's words."""

    intended: Mapping[str, IntendedConfig]
    _by_text: dict[tuple[str, str], dict[str, Provenance]] = field(default_factory=dict)

    def __call__(self, device: str, line: LineRef) -> Provenance:
        config = self.intended.get(device)
        document = next((item for item in config.documents if item.name == line.document), None) if config else None
        if document is None:
            return Provenance()
        if 0 < line.number <= len(document.lines):
            rendered = document.lines[line.number - 1]
            if rendered.text.strip() == line.text.strip():
                return rendered.source
        key = (device, line.document)
        if key not in self._by_text:
            self._by_text[key] = {item.text.strip(): item.source for item in document.lines}
        return self._by_text[key].get(line.text.strip(), Provenance())


def site_state(site: CompiledSite, intended: Mapping[str, IntendedConfig], documents: Documents, basis: str, *,
               unauthenticated: bool = False) -> SiteState:
    """A site as its documents say it. A device without documents passes everything; one that filters nothing ends
    every way.

    Raises:
        PlanError: the site was not compiled.
    """
    if site.matrix is None or site.topology is None:
        raise PlanError(f"{site.site}: there is nothing to prove, its definition has errors")
    policies = {}
    for intent in site.devices:
        if intent.device in documents:
            found = platform(intent.platform).policy(intent, documents[intent.device])
            policies[intent.device] = found or DevicePolicy(intent.device, intent.platform, ())
    return SiteState(site.matrix, site.topology, policies, tuple(_denied(site)), tuple(_taken(site)), basis,
                     unauthenticated, _Sources(intended))


def _denied(site: CompiledSite) -> list[str]:
    """Prefixes of the wan that may use nothing."""
    return [prefix for intent in site.devices if intent.firewall is not None for item in intent.firewall.netblocks
            if item.name == intent.firewall.denied for prefix in item.prefixes]


def _taken(site: CompiledSite) -> list[str]:
    """Addresses of devices and of their legs in segments."""
    legs = [address for intent in site.devices for port in intent.ports if port.role in {"router", "server"}
            for host in port.hosts for address in host[1:] if address]
    return [*legs, *(intent.management.address.partition("/")[0] for intent in site.devices)]


def rendered_documents(intended: Mapping[str, IntendedConfig]) -> dict[str, dict[str, str]]:
    """What devices should run."""
    return {name: {item.name: item.text for item in config.documents} for name, config in intended.items()}


@dataclass(frozen=True, slots=True)
class Question:
    """What to prove: everything, or the user's own ``queries``. ``unauthenticated``: as if nobody had authenticated on
    any port that asks for 802.1X."""

    queries: tuple[str, ...] = ()
    unauthenticated: bool = False


def proofs_of(ground: Ground, documents: Documents, basis: str, question: Question, now: str,
              failures: Mapping[str, str] | None = None) -> Proofs:
    """The proofs of all sites whose every configuration is at hand.

    Raises:
        PlanError: a question that can't be read, or speaks of nobody on the site.
    """
    failed = dict(failures or {})
    proofs = []
    for _, site in sorted(ground.sites.items()):
        if any(intent.device in failed for intent in site.devices):
            continue
        state = site_state(site, ground.intended, documents, basis, unauthenticated=question.unauthenticated)
        proofs.append(answer(state, question.queries) if question.queries else prove(state))
        release()
    return Proofs(ground.estate.name, now, tuple(proofs), failed)


def prove_rendered(estate: Path, selection: Selection, question: Question, now: str) -> Proofs:
    """What the definition's own configurations let through; no device is touched. One site's texts are held at a
    time."""
    name = ""
    proofs: list[Proof] = []
    for ground in grounds_of(estate, selection):
        name = ground.estate.name
        proofs += proofs_of(ground, rendered_documents(ground.intended), "rendered", question, now).proofs
    return Proofs(name, now, tuple(proofs))


def prove_running(context: Context, selection: Selection, question: Question) -> Proofs:
    """What the devices run lets through. Reads every device of the selected sites, writes to none."""
    ground = ground_of(context.estate, selection)
    running, failures = fetch_running(context, ground)
    return proofs_of(ground, running_documents(running), "running", question, context.now, failures)


def fetch_running(context: Context, ground: Ground) -> tuple[dict[str, RunningConfig], dict[str, str]]:
    """What every device runs, masked; and why that could not be had."""
    operator = Operator.load(context.operator)
    secrets = operator.secrets
    targets = [target_of(ground.estate.sites[intent.site], intent) for intent in ground.intents()]
    rooms = {intent.device: platform(intent.platform) for intent in ground.intents()}

    def fetch(reader: Reader) -> RunningConfig:
        return rooms[reader.device].fetch(reader, secrets.fingerprint)

    results = run_all(targets, fetch, operator=operator, limits=limits_of(context, operator),
                      progress=context.progress)
    failures = {name: str(result) for name, result in results.items() if isinstance(result, PunchdownError)}
    return {name: result for name, result in results.items() if isinstance(result, RunningConfig)}, failures


def running_documents(running: Mapping[str, RunningConfig]) -> dict[str, dict[str, str]]:
    """What devices run, by document."""
    return {name: {item.name: item.text for item in config.documents} for name, config in running.items()}


def prove_difference(context: Context, selection: Selection, sides: tuple[str | Path, str | Path],
                     was: Path | None = None) -> Proofs:
    """What becomes reachable and what stops from one side to the other. A side is ``running``, ``rendered``, or a
    folder that `punchdown render --out` wrote; devices that a folder lacks are as rendered. ``was``: the estate by
    whose definition the first side is judged, None for the same as the second.

    Raises:
        PlanError: a folder holds no configuration of any device; the older estate has none of the sites.
    """
    ground = ground_of(context.estate, selection)
    older = ground if was is None else ground_of(was, Selection(sites=tuple(ground.sites)))
    failures: dict[str, str] = {}
    texts: list[dict[str, dict[str, str]]] = []
    for side, own in zip(sides, (older, ground), strict=True):
        rendered = rendered_documents(own.intended)
        if isinstance(side, Path):
            texts.append({**rendered, **_folder(own.intended, side)})
        elif side == "running":
            running, failures = fetch_running(context, ground)
            texts.append({**({} if own is ground else rendered), **running_documents(running)})
        else:
            texts.append(rendered)
    proofs = []
    for name, site in sorted(ground.sites.items()):
        if name in older.sites and not any(intent.device in failures for intent in site.devices):
            before, after = (site_state(own.sites[name], own.intended, text, str(side)) for own, text, side
                             in zip((older, ground), texts, sides, strict=True))
            proofs.append(compare_states(before, after))
    return Proofs(ground.estate.name, context.now, tuple(proofs), failures)


def _folder(intended: Mapping[str, IntendedConfig], folder: Path) -> dict[str, dict[str, str]]:
    found = {name: {item.name: (folder / name / file_name(item.name)).read_text(encoding="utf-8")
                    for item in config.documents if (folder / name / file_name(item.name)).is_file()}
             for name, config in intended.items()}
    found = {name: documents for name, documents in found.items() if documents}
    if not found:
        raise PlanError(f"{folder}: holds no configuration as `punchdown render --out` writes them")
    return found


def prove_plan(context: Context, reviewed: tuple[Plan, ...], question: Question) -> Proofs:
    """A plan's sites before it, what it changes, and after it.

    Raises:
        PlanError: a device changed since the plan was made.
    """
    selection = Selection(sites=tuple(plan.site for plan in reviewed))
    ground = ground_of(context.estate, selection)
    found, failures = fetch_running(context, ground)
    changes = [change for plan in reviewed for change in plan.changes if not change.empty]
    if stale := [item.device for item in changes if item.device in found and found[item.device].digest != item.base]:
        raise PlanError(f"changed since the plan was made: {', '.join(stale)}; make a new one")
    changed = {change.device for change in changes}
    running, rendered = running_documents(found), rendered_documents(ground.intended)
    after = {**running, **{name: rendered[name] for name in changed if name in rendered}}
    proofs = []
    for _, site in sorted(ground.sites.items()):
        if any(intent.device in failures for intent in site.devices):
            continue
        states = [site_state(site, ground.intended, texts, basis, unauthenticated=question.unauthenticated)
                  for texts, basis in ((running, "before the plan"), (after, "after the plan"))]
        if question.queries:
            proofs += [answer(state, question.queries) for state in states]
        else:
            proofs += [prove(states[0]), compare_states(*states), prove(states[1])]
    return Proofs(ground.estate.name, context.now, tuple(proofs), failures)
