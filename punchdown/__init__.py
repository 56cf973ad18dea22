"""punchdown: a voice site's network as code, from one declarative definition."""

__version__ = "0.1.0"
