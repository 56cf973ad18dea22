"""Tell others what a look found, without a service of our own: a signed JSON message to webhooks."""

from punchdown.notify.message import message_of
from punchdown.notify.settings import Hook, HooksFile, load_hooks
from punchdown.notify.telling import tell
from punchdown.notify.webhook import deliver, wanted

__all__ = ["Hook", "HooksFile", "deliver", "load_hooks", "message_of", "tell", "wanted"]
