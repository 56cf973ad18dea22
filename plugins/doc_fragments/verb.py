"""What the documentation of every verb shares."""

from __future__ import annotations


class ModuleDocFragment:
    """Options, notes and attributes of the verbs; they all go through one engine call."""

    DOCUMENTATION = r"""
options:
  estate:
    description:
      - Folder with C(punchdown.yml).
      - Default is C(punchdown_estate) of the inventory, then the inventory's folder.
    type: path
  operator:
    description:
      - The operator's folder with credentials, trusted host keys and secrets.
      - E(PUNCHDOWN_OPERATOR) names another default.
    type: path
    default: ~/.config/punchdown
  devices:
    description: Only these devices of the play.
    type: list
    elements: str
  workers:
    description: Devices at a time.
    type: int
    default: 50
  timer_seconds:
    description: Seconds until a device goes back by itself.
    type: int
    default: 120
  store_url:
    description:
      - URL of the state store. Whoever changes the same devices must use the same one, since locks are kept there.
      - Default is E(PUNCHDOWN_STORE), then C(state.db) in the operator's folder.
    type: str
  fail_on:
    description:
      - A host with a finding as bad as this fails; what is unknown counts always, but for V(never).
      - Findings that rules of the estate leave alone do not count.
      - Default is that no finding fails a host, but with M(punchdown.site.verify) any does.
    type: str
    choices: [low, medium, high, never]
  notify:
    description:
      - Tell the webhooks of C(notifications.yml) in the operator's folder; whom that does not reach is a warning.
    type: bool
    default: false
notes:
  - The engine has its own sessions.
  - Set C(ansible_connection=local) where the host's connection plug-in is not installed.
  - The Python of ansible-playbook must have the C(punchdown) package.
attributes:
  async:
    description: The engine works on many devices at once by itself.
    support: none
  check_mode:
    description: Writes nothing with C(--check).
    support: full
  diff_mode:
    description: Shows the lines that differ, with meaning and origin, with C(--diff).
    support: full
author:
  - punchdown contributors (@punchdown)
"""
