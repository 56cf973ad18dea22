"""Pages of the documentation that come out of the code, written while mkdocs builds; and links that leave the pages.

mkdocs calls ``on_files`` and ``on_page_markdown`` (https://www.mkdocs.org/dev-guide/plugins/#events).
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from punchdown.catalog.controls import controls, domains, papers
from punchdown.cli.app import app
from punchdown.schema import schema_text

_KINDS = {"string": "text", "integer": "number", "boolean": "true or false"}
ROOT = Path(__file__).resolve().parents[1]
_OUTSIDE = re.compile(r"(?<!!)\[([^\]]+)\]\((?:\.\./)+(?!errors/|pipelines/|how-to/|reference/)([a-z][^)#]*/[^)]*)\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    for name, text in {"site.md": site_page(), "controls.md": controls_page(), "ansible.md": ansible_page(),
                       "cli.md": cli_page()}.items():
        files.append(File.generated(config, f"reference/{name}", content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A link to a file of the repository that is no page becomes the file's name."""
    del config
    known = {file.src_uri for file in files}
    folder = Path(page.file.src_uri).parent

    def shown(match: re.Match[str]) -> str:
        target = match[0].rpartition("(")[2].rstrip(")").partition("#")[0]
        place = Path("docs", folder, target)
        inside = str(_normal(place)).removeprefix("docs/")
        return match[0] if inside in known else f"`{_normal(place)}`"

    return _OUTSIDE.sub(shown, markdown)


def _normal(path: Path) -> Path:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return Path(*parts)


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;").replace("{", "&#123;")


def site_page() -> str:
    """Every key of a site definition, from its JSON Schema."""
    schema = json.loads(schema_text("site"))
    sections = {name for name, item in schema["$defs"].items() if item.get("properties")}
    lines = ["# Keys of a site definition", "",
             "What belongs together is told in [the site definition](../site-definition.md).", "",
             "## The site", "", *_table(schema, schema["$defs"], sections)]
    for name in sorted(sections):
        item = schema["$defs"][name]
        lines += ["", f"## {name}", "", _cell(item.get("description", "")), "",
                  *_table(item, schema["$defs"], sections)]
    return "\n".join(lines) + "\n"


def _table(schema: dict[str, Any], known: dict[str, Any], sections: set[str]) -> Iterator[str]:
    yield "| key | takes | default | |"
    yield "| --- | --- | --- | --- |"
    required = set(schema.get("required", ()))
    for key, item in schema.get("properties", {}).items():
        default = "required" if key in required else _default(item)
        yield f"| `{key}` | {_cell(_takes(item, known, sections))} | {default} | {_cell(item.get('description', ''))} |"


def _default(item: dict[str, Any]) -> str:
    """What holds where nothing is written; empty for nothing, and for what its own section tells."""
    value = item.get("default")
    if value is None or value == "" or isinstance(value, dict | list):
        return ""
    return f"`{json.dumps(value)}`"


def _takes(item: dict[str, Any], known: dict[str, Any], sections: set[str]) -> str:
    def inner(one: dict[str, Any]) -> str:
        return _takes(one, known, sections)

    if "$ref" in item:
        name = item["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})" if name in sections else inner(known[name])
    if "enum" in item:
        return ", ".join(f"`{value}`" for value in item["enum"])
    if "anyOf" in item:
        return " or ".join(dict.fromkeys(inner(one) for one in item["anyOf"] if one.get("type") != "null"))
    if item.get("type") == "array":
        return f"list of {inner(item['items'])}" if isinstance(item.get("items"), dict) else "list"
    if item.get("type") == "object":
        more = next(iter(item.get("patternProperties", {}).values()), item.get("additionalProperties"))
        return f"name to {inner(more)}" if isinstance(more, dict) and more else "mapping"
    kinds = "string" if "pattern" in item else item.get("type", "anything")
    words = [_KINDS.get(kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind != "null"]
    least, most = item.get("minimum"), item.get("maximum")
    if least is not None and most is not None and words == ["number"]:
        return f"{least} to {most}"
    return f"`{item['const']}`" if "const" in item else " or ".join(words)


def cli_page() -> str:
    """What every verb says of itself, as ``--help`` does."""
    lines = ["# Command line", "",
             "Exit codes: 0 in order, 2 differences, findings or unknown, 1 could not do it, 130 interrupted.",
             "`NO_COLOR` is respected. Manual pages: `make man`.", *_helped(app, None)]
    return "\n".join(lines) + "\n"


def _helped(command: click.Command, parent: click.Context | None) -> Iterator[str]:
    name = command.name if parent else "punchdown"
    with click.Context(command, info_name=name, parent=parent, max_content_width=100, terminal_width=100) as context:
        yield from ("", f"## {context.command_path}", "", "```text", command.get_help(context), "```")
        if isinstance(command, click.Group):
            for verb in command.list_commands(context):
                if found := command.get_command(context, verb):
                    yield from _helped(found, context)


def controls_page() -> str:
    """Every recommendation of the vendor's papers, by domain."""
    found = controls()
    lines = ["# Controls", "", f"`punchdown audit` accounts for these {len(found)} recommendations.",
             "`punchdown explain --control NAME` shows one."]
    for domain, title in domains().items():
        lines += ["", f"## {_cell(title)}", "", "| control | source | what it asks | shown by |",
                  "| --- | --- | --- | --- |"]
        for one in found.values():
            if one.domain == domain:
                source = f"{papers()[one.paper]}, {one.section}" if one.paper in papers() else one.section
                lines.append(f"| `{one.id}` | {_cell(source)} | **{_cell(one.title)}.** {_cell(one.asks)} "
                             f"| {_cell(', '.join(one.proof))} |")
    return "\n".join(lines) + "\n"


def ansible_page() -> str:
    """Every module and plug-in of the collection, from its own documentation."""
    shared = yaml.safe_load(_constant(ROOT / "plugins" / "doc_fragments" / "verb.py", "DOCUMENTATION"))
    lines = ["# The Ansible collection `punchdown.site`", "", "`ansible-doc punchdown.site.apply` shows the same."]
    for path in sorted((*(ROOT / "plugins" / "modules").glob("*.py"), *(ROOT / "plugins" / "inventory").glob("*.py"))):
        told = yaml.safe_load(_constant(path, "DOCUMENTATION"))
        common = shared["options"] if "extends_documentation_fragment" in told else {}
        options = {**(told.get("options") or {}), **common}
        lines += ["", f"## {path.stem}", "", _cell(told["short_description"]), ""]
        lines += [f"- {_cell(_plain(text))}" for text in told.get("description", ())]
        lines += ["", "| option | type | default | |", "| --- | --- | --- | --- |"]
        for name, item in sorted(options.items()):
            about = item["description"] if isinstance(item["description"], str) else " ".join(item["description"])
            lines.append(f"| `{name}` | {item.get('type', 'str')} | {_cell(item.get('default', ''))} "
                         f"| {_cell(_plain(about))} |")
        if returned := yaml.safe_load(_constant(path, "RETURN") or "{}"):
            lines += ["", "| gives | type | |", "| --- | --- | --- |"]
            lines += [f"| `{name}` | {item['type']} | {_cell(_plain(item['description']))} |"
                      for name, item in returned.items()]
        examples = _constant(path, "EXAMPLES")
        if examples.strip():
            lines += ["", "```yaml", examples.strip(), "```"]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return re.sub(r"\b[CIBMVEOP]\(([^)]*)\)", r"`\1`", text)


def _constant(path: Path, name: str) -> str:
    """The string that a module or a class of it assigns to a name; empty without one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == name for target in node.targets):
            return str(ast.literal_eval(node.value))
    return ""
