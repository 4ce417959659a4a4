"""Moderation: reports, what is done to accounts, and the reading side of the audit log.

Tables: reports. Events sent: reports (to the staff); auth, rooms and messages tell the rest.
Events heard: none.
"""
