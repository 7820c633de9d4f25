"""Import files of any kind as one table: what a file is, whether it is safe to open, and its rows."""
