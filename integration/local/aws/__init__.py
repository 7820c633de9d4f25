"""The local AWS: what runs inside MiniStack's own environment. Standard library and MiniStack only, no product code."""
