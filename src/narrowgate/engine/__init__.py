"""A locked-down DuckDB session, and the few ways in which stations read and write Parquet with it."""
