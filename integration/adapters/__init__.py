"""One outside system per file; a vendor's words are translated here and travel no further."""
