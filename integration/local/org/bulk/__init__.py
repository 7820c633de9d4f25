"""Bulk API 2.0: jobs, what is uploaded to them, and what comes of it."""
