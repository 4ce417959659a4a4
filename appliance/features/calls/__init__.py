"""Calls: the relay that makes them connect behind any NAT, and what devices need to use it.

Tables: none (the secret that keys are made with stands in auth's settings, by its verbs).
Events sent: relay (to the device that asked). Events heard: hang_up (what the device held of the relay ends).
"""
