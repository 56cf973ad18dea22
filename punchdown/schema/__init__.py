"""JSON Schemas (draft 2020-12) of the files that people write, so that editors complete and explain keys."""

from punchdown.schema.make import KINDS, make_schema, schema_text

__all__ = ["KINDS", "make_schema", "schema_text"]
