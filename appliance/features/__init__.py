"""The ladder: a feature may use only those before it, and of those only `actions` and `model`."""

ORDER = (
    "auth",
    "audit",
    "signin",
    "access",
    "people",
    "logo",
    "rooms",
    "joining",
    "media",
    "search",
    "messages",
    "calls",
    "support",
    "moderation",
    "credits",
    "departure",
    "push",
    "admin",
)
