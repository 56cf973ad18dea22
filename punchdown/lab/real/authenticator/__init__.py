"""IEEE 802.1X authenticator of the lab's switch: EAP passed through to RADIUS, MAC authentication, one session per MAC.

Sessions open the switch with flows of one exact shape (``flows``); everything else of the switch is left alone.
Sources: IEEE 802.1X-2010 (EAPOL), RFC 2865, 3579 and 3580 (RADIUS with EAP).
"""
