"""Bringing candidates in: files and searches."""
