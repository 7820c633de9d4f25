"""Salesforce's own objects: what fields they have and what they do by themselves."""
