"""What one would write by hand in DuckDB for this one file, as fast as can be."""
