"""Stand-ins for the outside sources of prospect searches: synthetic people in the shapes of the real APIs.

They honour paging, keys, rates and the parts of each query language that the service uses, and refuse the rest. Nothing
here says that the real services answer alike: only a search with a real key shows that.
"""
