"""`safevoice dev bench web`: the app in a real browser against its budgets, read from Chromium's traces."""
