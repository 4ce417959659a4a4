"""`safevoice dev flood`."""

import json
import resource
import signal
import sys
from dataclasses import replace
from typing import Any

import uvloop

from appliance.dev.flood.load import Flood
from appliance.dev.flood.options import Options, parse
from appliance.dev.flood.report import table


def allow_many_files() -> int:
    """Raise the limit of open files as far as the system lets us; the new limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def flood(options: Options) -> dict[str, Any]:
    """Run against `options.url` in this process."""
    if allow_many_files() < options.sockets + 64:
        raise SystemExit(f"{options.sockets} sockets need a higher limit of open files (ulimit -Hn)")
    assert options.cast is not None
    cast: dict[str, list[str]] = json.loads(options.cast.read_text())
    if sum(map(len, cast.values())) < options.sockets:
        raise SystemExit(f"{options.cast} has fewer people than {options.sockets} sockets need")
    return uvloop.run(Flood(options, cast).run())


def main(argv: list[str] | None = None) -> int:
    """Exit status 0 if nothing was lost, doubled or out of order."""
    options = parse(argv)
    if options.url:
        figures = flood(options)
    else:
        from appliance.dev.bench.stage import Stage

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        with Stage(options.sockets, options.rooms_of) as stage:
            figures = stage.flood(replace(options, json=True))
    if not options.json:
        print(table(figures), file=sys.stderr)
    print(json.dumps(figures))
    return 1 if figures["losses"] or figures["doubles"] or figures["order_errors"] else 0
