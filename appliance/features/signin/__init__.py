"""Signing in, and everything that proves who one is: password, passkeys, two-step codes, recovery codes, and
an admin's link for whoever lost them all.

Tables: passkeys, totp, recovery_codes, reset_links (and the password in auth's accounts, by its verbs).
Events sent: credentials (account log). Events heard: none.
"""
