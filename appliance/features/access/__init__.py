"""Other ways in: a new device by a code on an old one, programs with tokens and tickets, other sites'
sign-in.

Tables: identities, used_tickets (and devices and sessions, which are auth's, by its verbs).
Events sent: link_claimed (to the device that shows the code), devices (by auth). Events heard: none.
"""
