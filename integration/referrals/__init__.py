"""Recommendations: personal links, who has the claim to whom, and what is owed for a hire."""
