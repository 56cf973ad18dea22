"""JSON Schemas (draft 2020-12): of what people write, so that editors complete and explain keys; of what programs
read."""

from punchdown.schema.make import KINDS, WRITTEN_KINDS, make_schema, schema_text

__all__ = ["KINDS", "WRITTEN_KINDS", "make_schema", "schema_text"]
