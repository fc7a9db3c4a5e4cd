"""Tables of operations.db and the few functions that write and read them.

`database` opens it, `store` writes, `read` reads. Rows come and go as mappings of column name to
text, number or None: dates and times as ISO text (UTC), flags as 0 or 1, lists as JSON.
"""
