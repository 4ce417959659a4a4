"""STUN on the wire: messages, attributes, and how they lie in a stream of bytes. No sockets."""
