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
- name: Every night
  hosts: all
  gather_facts: false
  vars:
    ansible_connection: local  # the engine has its own sessions
  tasks:
    - name: Tell the webhooks what anybody changed
      punchdown.site.drift:
        notify: true
      register: looked

    - name: Name what differs
      ansible.builtin.debug:
        msg: "{{ looked.findings | map(attribute='title') | list }}"
      when: looked.status == 'different'
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
