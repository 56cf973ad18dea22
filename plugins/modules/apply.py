"""Documentation of the action of the same name; the work is done on the control node."""

DOCUMENTATION = r"""
module: apply
short_description: "Bring the devices to the definition"
description:
  - "Plans, changes in waves with the canary first, verifies, confirms; or goes back. With C(--check) it only plans."
  - The engine is called once for all hosts that are still in the play; every host gets its own result and diff.
extends_documentation_fragment:
  - punchdown.site.verb
notes:
  - C(serial) does not batch it, and C(when) is refused unless I(devices) narrows it; the engine makes its own waves.
"""

EXAMPLES = r"""
- name: Bring the devices to the definition
  punchdown.site.apply:
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
