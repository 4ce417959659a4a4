"""`safevoice dev flood`, the load generator: many sockets in one cheap process, which also counts whether
everything came once and in order."""
