"""Documentation of the action of the same name; the work is done on the control node."""

DOCUMENTATION = r"""
module: drift
short_description: "Has anybody changed anything?"
description:
  - "Compares what the devices run with what they should run. Writes nothing."
  - The engine is called once for all hosts that are still in the play; every host gets its own result and diff.
extends_documentation_fragment:
  - punchdown.site.verb
"""

EXAMPLES = r"""
- name: Has anybody changed anything?
  punchdown.site.drift:
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
