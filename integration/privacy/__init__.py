"""What people may ask about their own data. Erasure is complete; what is left of a person are keyed marks."""
