"""`safevoice dev bench`: measures a server of its own against the performance budget and says where the time
goes when one is missed."""


def main(argv: list[str] | None = None) -> int:
    """See `command.main`; imported late, because other tools use only the stage."""
    from appliance.dev.bench import command

    return command.main(argv)
