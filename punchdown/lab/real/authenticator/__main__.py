"""``python -m punchdown.lab.real.authenticator``, inside the switch."""

from punchdown.lab.real.authenticator.agent import serve

serve()
