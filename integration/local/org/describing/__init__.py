"""What the org says of itself: versions, resources, objects, fields, links."""
