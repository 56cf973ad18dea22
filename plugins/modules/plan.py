"""Documentation of the action of the same name; the work is done on the control node."""

DOCUMENTATION = r"""
module: plan
short_description: "What would change, and what would it mean?"
description:
  - "Compares the devices with the definition. Writes nothing, with or without C(--check)."
  - The engine is called once for all hosts that are still in the play; every host gets its own result and diff.
options:
  estate:
    description:
      - Folder with C(punchdown.yml).
      - Default is C(punchdown_estate) of the inventory, then the inventory's folder.
    type: path
  operator:
    description: The operator's folder with credentials, trusted host keys and secrets.
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
    description: URL of the state store.
    type: str
notes:
  - The engine has its own sessions.
  - Set C(ansible_connection=local) where the host's connection plug-in is not installed.
  - The Python of ansible-playbook must have the C(punchdown) package.
attributes:
  check_mode:
    description: Writes nothing with C(--check).
    support: full
  diff_mode:
    description: Shows the lines that differ, with meaning and origin, with C(--diff).
    support: full
author:
  - punchdown contributors
"""

EXAMPLES = r"""
- name: What would change, and what would it mean?
  punchdown.site.plan:
"""

RETURN = r"""
status:
  description: One of in-order, different, unknown, failed, changed, rolled-back, skipped.
  type: str
  returned: always
findings:
  description: What differs, with severity, meaning, controls and the place in the definition.
  type: list
  elements: dict
  returned: always
"""
