"""`sf project deploy start` into the embedded org: a zip of metadata is judged, then made part of the org or refused.

archive (zip to files) → components (files to parts of the source tree) → overlay (the org with them) → judging (the
rules of `warmbench check`, and whether it can be run) → altering (tables) → deployment (all of it, in one transaction).
`soap` and `rest` are the two ways in, `result` what they tell.
"""
