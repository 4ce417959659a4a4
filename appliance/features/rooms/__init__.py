"""Rooms of all kinds, who is in them and what each may do there; who is here, and who types.

Tables: rooms, members, member_intervals, dismissed, bans, secrets, categories. Events sent: room, member
(room log); joined, left (account log); categories, typing, presence. Events heard: the hint presence.
"""
