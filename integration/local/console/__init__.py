"""The recruiters' console on a laptop: list views and record pages drawn from sf_metadata/, over the org's REST API."""
