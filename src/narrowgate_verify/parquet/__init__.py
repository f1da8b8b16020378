"""Read the text columns of a Parquet file with the standard library alone (Apache Parquet format, parquet.apache.org).

Rules:
 * What request rows may be is read, and no more: flat columns of UTF-8 text, or of nothing but missing values.
 * Whatever does not add up ends the reading. A length is compared with what there is before it is believed.
"""

from narrowgate_verify.parquet.table import read_texts

__all__ = ["read_texts"]
