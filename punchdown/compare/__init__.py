"""Intended and running to changes, and changes to findings."""

from punchdown.compare.changes import device_findings, make_plan, refuse_if_different

__all__ = ["device_findings", "make_plan", "refuse_if_different"]
