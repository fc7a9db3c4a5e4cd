"""Whole files that nobody should send, made up by Hypothesis: tables, logs and trees of JSON.

How many records a file has is known of most of them, because they were written from records: the
loader must find as many, whatever stands in them.
"""

from hypothesis import strategies as st

from bench.damaged_files import contact, conversation
from bench.made_up_cells import LOG_COLUMNS, plausible_cells
from bench.made_up_file import MadeUpFile
from bench.made_up_json import json_file
from bench.made_up_tables import delimited, parquet, queue_log
from warehouse.sources.columns import FEEDS

KINDS = [
    *(delimited("defaults", feed, plausible_cells(feed), None) for feed in FEEDS),
    *(
        delimited("french", feed, plausible_cells(feed, "french"), "cp1252")
        for feed in ("calls", "roster")
    ),
    *(parquet(feed) for feed in ("calls", "roster", "invoices")),
    delimited("asterisk", "calls", LOG_COLUMNS, None),
    *[queue_log()] * 3,
    *[json_file("amazon_connect", contact, None)] * 3,
    *[json_file("genesys_cloud", conversation, "conversations")] * 3,
]
FILES: st.SearchStrategy[MadeUpFile] = st.sampled_from(KINDS).flatmap(lambda kind: kind)
