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
  punchdown.site.render:
"""

RETURN = r"""
config:
  description: Document name to its full text.
  type: dict
  returned: success
"""
