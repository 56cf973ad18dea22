"""Documentation of the action of the same name; the work is done on the control node."""

DOCUMENTATION = r"""
module: render
short_description: "What should the devices run?"
description:
  - "Renders the intended configuration of every host. Touches no device. Secrets stand as references."
  - The engine is called once for all hosts that are still in the play; every host gets its own result and diff.
extends_documentation_fragment:
  - punchdown.site.verb
"""

EXAMPLES = r"""
- name: What should the devices run?
  hosts: all
  gather_facts: false
  vars:
    ansible_connection: local  # the engine has its own sessions
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  tasks:
    - name: Render
      punchdown.site.render:
      register: made

    - name: Keep every document
      ansible.builtin.copy:
        content: "{{ item.value }}"
        dest: "{{ playbook_dir }}/{{ inventory_hostname }}-{{ item.key | replace('/', '_') }}"
        mode: "0600"
      loop: "{{ made.config | dict2items }}"
      loop_control:
        label: "{{ item.key }}"
"""

RETURN = r"""
config:
  description: Document name to its full text.
  type: dict
  returned: success
"""
