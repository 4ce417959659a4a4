"""Accounts, devices, sessions and invites.

Tables: settings, accounts, devices, sessions, invites. Events sent: me, devices (account log).
Events heard: none.
"""
