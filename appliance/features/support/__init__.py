"""Support rooms: anybody can speak with those who run the community, whoever of them is there.

Tables: tickets. Events sent: queue (to the staff); rooms and messages tell the rest.
Events heard: none.
"""
