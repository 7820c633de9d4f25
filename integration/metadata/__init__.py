"""Reads and checks sf_metadata/."""
