"""`safevoice dev screenshots`: pictures of the demo community, and whether the app still looks like them."""
