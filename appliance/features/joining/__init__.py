"""Ways in: registering, invite links, and the links by which guests come into one room.

Tables: guest_links, guests (and auth's invites, by its verbs). Events sent: none of its own.
Events heard: none.
"""
