"""Devices that run already, as a definition: what they show goes in, a site's text and its open questions come out.

Pure. Whatever a device says is data here: names are made anew, texts are cut to what a definition may hold.
"""

from punchdown.adopt.netbox import Known, read_netbox
from punchdown.adopt.netbox_ask import ask_netbox
from punchdown.adopt.site import HEAD, Adopted, adopt
from punchdown.adopt.words import Note

__all__ = ["HEAD", "Adopted", "Known", "Note", "adopt", "ask_netbox", "read_netbox"]
