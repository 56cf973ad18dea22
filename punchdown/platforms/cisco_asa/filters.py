"""The Jinja filters of the ASA's templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from punchdown.platforms.cisco_asa import translations, words

FILTERS: Mapping[str, Callable[..., object]] = {
    "asa_access": words.access, "asa_banner": words.banner_line, "asa_family": words.of_family,
    "asa_group": words.group_lines, "asa_inside": words.inside_prefixes, "asa_key_exchange": words.key_exchange,
    "asa_lines": words.list_lines, "asa_name": words.name, "asa_networks": translations.network_objects,
    "asa_old_ssh": words.old_ssh, "asa_pings": words.pings, "asa_services": translations.service_objects,
    "asa_times": words.time_ranges, "asa_translations": translations.translations, "asa_voice": words.voice_mark,
}
