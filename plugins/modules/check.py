"""Documentation of the action of the same name; the work is done on the control node."""

DOCUMENTATION = r"""
module: check
short_description: "Is the definition sound?"
description:
  - "Checks the definition as a whole. Touches no device."
  - The engine is called once for all hosts that are still in the play; every host gets its own result and diff.
extends_documentation_fragment:
  - punchdown.site.verb
"""

EXAMPLES = r"""
- name: Before anything else
  hosts: all
  gather_facts: false
  vars:
    ansible_connection: local  # the engine has its own sessions
  tasks:
    - name: Is the definition sound?
      punchdown.site.check:
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
