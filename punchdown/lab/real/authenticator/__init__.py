"""IEEE 802.1X authenticator."""
