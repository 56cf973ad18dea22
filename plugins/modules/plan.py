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
  hosts: all
  gather_facts: false
  vars:
    ansible_connection: local  # the engine has its own sessions
  tasks:
    - name: Show it with --diff
      punchdown.site.plan:
"""

RETURN = r"""
status:
  description: One of in-order, different, unknown, failed, changed, rolled-back, skipped.
  type: str
  returned: always
  sample: in-order
msg:
  description: What went wrong with this host, else its status.
  type: str
  returned: always
  sample: "in order"
findings:
  description: What differs, with severity, meaning, controls and the place in the definition.
  type: list
  elements: dict
  returned: always
  contains:
    id:
      description: Stays the same from look to look.
      type: str
    title:
      description: What it is, in one line.
      type: str
    severity:
      description: One of low, medium, high.
      type: str
"""
