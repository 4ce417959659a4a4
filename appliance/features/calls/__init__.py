"""Calls: ringing and talking of two people, and the relay that makes them connect behind any NAT.

Tables: calls (the secret that keys are made with stands in auth's settings, by its verbs). Events sent: call,
calls, call_peer, call_signal, call_taken, talk_begun, talk_signal, talk_ended, relay_keys, each to the pages
that it is for. Events heard: hang_up (of a device: its part of the relay ends), and hints of who is here.
"""
