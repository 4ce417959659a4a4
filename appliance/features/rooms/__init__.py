"""Rooms, direct messages and who is in them; presence and typing.

Tables: rooms, members, member_intervals. Events sent: room, member (room log); joined, left (account log);
typing. Events heard: none.
"""
