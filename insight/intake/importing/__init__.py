"""Import of CSV and XLSX files: look at one, map its columns, bring in every good row once, mend the others."""

from insight.intake.importing.feelings import Scale, read_scale
from insight.intake.importing.guessing import guess_mapping
from insight.intake.importing.model import (
    LABELS,
    STAGES,
    Field,
    ImportReport,
    PastImport,
    Preview,
    PreviewRow,
    Progress,
    RowProblem,
)
from insight.intake.importing.reading import File, Table, open_table
from insight.intake.importing.service import import_file, preview, recent_imports, save_mapping, saved_mappings

__all__ = [
    "LABELS",
    "STAGES",
    "Field",
    "File",
    "ImportReport",
    "PastImport",
    "Preview",
    "PreviewRow",
    "Progress",
    "RowProblem",
    "Scale",
    "Table",
    "guess_mapping",
    "import_file",
    "open_table",
    "preview",
    "read_scale",
    "recent_imports",
    "save_mapping",
    "saved_mappings",
]
