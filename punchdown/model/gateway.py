"""What people write about the settings of a gateway, before the catalogue of forms says what it means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from punchdown.model.fields import Address4, Model, Name

Product = Literal["mivoice-business", "border-gateway", "mivoice-5000"]
Forms = Annotated[dict[Name, JsonValue], Field(
    description="forms of the system by key: the fields of each, or the list of its entries",
    examples=[{"system-security-management": {"password-strength": "Strong"}}])]


class Delivery(Model):
    """Where the files of a gateway are put by SFTP."""

    folder: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9_][A-Za-z0-9._-]*)+$", max_length=200)] = Field(
        description="absolute path of a folder that is there", examples=["/srv/gateways"])
    address: Address4 | None = Field(None, description="of the server; default: the gateway itself")
    port: int = Field(22, ge=1, le=65535, description="SSH port")
    credential: Name | None = Field(None, description="name of the login; default: the site's")
    jump: Name | None = Field(None, description="jump host: a Host of the operator's ssh_config; default: the site's")
