"""Warmbench: candidate relationship management for Salesforce."""
