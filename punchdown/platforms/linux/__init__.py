"""What all Linux appliances share: files and stores, the safe change, the management plane, line-wise comparison."""

from punchdown.platforms.linux.change import LinuxChange
from punchdown.platforms.linux.compare import change_of_documents, compare_lines
from punchdown.platforms.linux.effects import effects
from punchdown.platforms.linux.files import mask_text, read_command, read_file_document
from punchdown.platforms.linux.store import Store, file_store, files_store, slug

__all__ = [
    "LinuxChange", "Store", "change_of_documents", "compare_lines", "effects", "file_store", "files_store",
    "mask_text", "read_command", "read_file_document", "slug",
]
