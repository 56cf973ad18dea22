"""Documentation of the action of the same name; the work is done on the control node."""

DOCUMENTATION = r"""
module: apply
short_description: "Bring the devices to the definition"
description:
  - "Plans, changes in waves with the canary first, verifies, confirms; or goes back. With C(--check) it only plans."
  - The engine is called once for all hosts that are still in the play; every host gets its own result and diff.
extends_documentation_fragment:
  - punchdown.site.verb
options:
  accept:
    description:
      - Go a way on which these do not hold after every command; C(plan) says where and for how long.
      - V(counts) goes without the numbers of C(counts.yml) that can't be asked.
    type: list
    elements: str
    choices: [protection, continuity, management, counts]
    default: []
  batch:
    description: Devices at a time after the canary; 0 is what the estate's C(campaigns) says.
    type: int
    default: 0
  max_failures:
    description: So many failed devices end the campaign; 0 is what the estate's C(campaigns) says.
    type: int
    default: 0
  canary:
    description: One device of each platform first, alone. Default is what the estate's C(campaigns) says.
    type: bool
  any_time:
    description: Change outside of the estate's change windows, or in a freeze.
    type: bool
    default: false
notes:
  - C(serial) does not batch it, and C(when) is refused unless I(devices) narrows it; the engine makes its own waves.
"""

EXAMPLES = r"""
- name: Bring the devices to the definition
  hosts: all
  gather_facts: false
  vars:
    ansible_connection: local  # the engine has its own sessions
  tasks:
    - name: Take a moment without calls upon oneself, five devices at a time
      punchdown.site.apply:
        accept: [continuity]
        batch: 5
      register: done

    - name: Say how to go back
      ansible.builtin.debug:
        msg: "punchdown rollback {{ done.runs | join(' ') }}"
      when: done.runs is defined
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
runs:
  description: Names of what was applied, for C(punchdown rollback) and C(punchdown history).
  type: list
  elements: str
  returned: when a device was touched
"""
