"""The relay's ways in and out: datagrams, and streams with and without TLS."""
