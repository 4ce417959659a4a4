"""People to each other: profiles and pictures, blocks, nicknames, preferences, the list of people.

Tables: blocks, nicknames, preferences, pictures. Events sent: blocked, nicknames, preferences, me (account
log). Events heard: none.
"""
