"""The ladder: a feature may use only those before it, and of those only `actions` and `model`."""

ORDER = ("auth", "rooms", "media", "search", "messages", "calls", "push", "admin")
