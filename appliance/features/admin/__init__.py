"""Administration: members, rooms, settings and live figures of the whole community.

Tables: none. Events sent: none of its own. Events heard: none.
"""
