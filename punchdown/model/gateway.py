"""What people write about the settings of a gateway, before the catalogue of forms says what it means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from punchdown.model.fields import Name

Product = Literal["mivoice-business", "border-gateway", "mivoice-5000"]
Forms = Annotated[dict[Name, JsonValue], Field(
    description="forms of the system by key: the fields of each, or the list of its entries",
    examples=[{"system-security-management": {"password-strength": "Strong"}}])]
