"""`safevoice dev flood`, the load generator: many sockets in one cheap process, which also counts whether
everything came once and in order."""


def main(argv: list[str] | None = None) -> int:
    """See `command.main`, which is imported late: whoever needs only the framer should not load all of it."""
    from appliance.dev.flood import command

    return command.main(argv)
