"""PD19xx: what people vouch for, and what they leave unmet."""

from __future__ import annotations

from punchdown.model.codes.code import Code

CODES = (
    Code(1901, "control-unknown", "No such control",
         "An attestation or waiver of a control that does not exist speaks for nothing, and the control that was meant "
         "stays open.",
         "the id of a control; `punchdown audit` lists them"),
    Code(1902, "attestation-dates", "An attestation that ends before it begins",
         "It would count on no day.",
         "a `valid_until` on or after `when`"),
    Code(1903, "attested-and-waived", "A control both attested and waived",
         "A waiver says that a control is not met, an attestation that it is; one of them is wrong.",
         "one of the two", "warning"),
)
