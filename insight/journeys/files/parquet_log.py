"""Event logs as Parquet: the same columns as in a CSV, already in their types."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from insight.errors import BadInput
from insight.journeys.files.columns import Columns, found
from insight.journeys.files.csv_log import Table
from insight.journeys.files.raw import Progress, Raw
from insight.language import _

ROWS = 500_000  # rows of a block


def read_parquet(path: Path, columns: Columns, progress: Progress) -> Raw:
    """Read a Parquet file. Raises BadInput if it is broken or a column is missing or of no use."""
    try:
        with pq.ParquetFile(path) as file:
            places = found(columns, file.schema_arrow.names, path.name)
            return _read(file, places, progress)
    except (pa.ArrowException, OSError):
        told = _("{file} cannot be read as Parquet: write it anew, or save it as CSV.")
        raise BadInput(told.format(file=path.name)) from None


def _read(file: pq.ParquetFile, places: dict[str, int], progress: Progress) -> Raw:
    table, done = Table.of(places), 0
    names = [file.schema_arrow.names[place] for place in places.values()]
    for block in file.iter_batches(ROWS, columns=names):
        table.add(block.select(names).rename_columns(list(places)))
        done += block.num_rows
        progress(_("Reading the log"), done, file.metadata.num_rows)
    return table.finish({})
