"""A TURN server (RFC 8656) without relay sockets: relayed addresses are names that exist only in here, and
packets pass from one allocation to another inside the process.

So it needs no range of ports, reaches nothing outside, and does not care what this machine is called from
there. It is a pure state machine: bytes in, bytes out, and a clock."""
