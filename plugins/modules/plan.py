"""Documentation of the action of the same name; the work is done on the control node."""

DOCUMENTATION = r"""
module: plan
short_description: "What would change, and what would it mean?"
description:
  - "Compares the devices with the definition. Writes nothing, with or without C(--check)."
  - The engine is called once for all hosts that are still in the play; every host gets its own result and diff.
extends_documentation_fragment:
  - punchdown.site.verb
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
