"""MDN HTTP Observatory, behind TLS.

It asks https://HOST:443 and http://HOST:80 and nothing else, so it gets a network of its own in which these
ports are free: `unshare --net`, with nothing in it but a loopback. The server there serves TLS itself, with a
certificate made for the minute; on port 80 nobody answers, which is taken as "no redirection needed".
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from appliance import app
from appliance.config import Config
from appliance.dev.node import QUIET, node

HERE = Path(__file__).parent
PACKAGE = HERE / "node_modules/@mdn/mdn-http-observatory"
NEEDED = "A+"


async def judge() -> tuple[str, int, list[str]]:
    """Grade, points and the tests that failed."""
    command = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    inside = f'ip link set lo up && exec "{sys.executable}" -m tests.judges.observatory'
    run = await asyncio.create_subprocess_exec(
        *command, "sh", "-c", inside, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told, wrong = await run.communicate()
    if run.returncode:
        raise RuntimeError(f"observatory: {(told + wrong).decode()[-2000:]}")
    answer = json.loads(told.decode().splitlines()[-1])
    failed = [f"{name}: {test['result']}" for name, test in answer["tests"].items() if not test["pass"]]
    return answer["scan"]["grade"], answer["scan"]["score"], failed


def _certify(folder: Path) -> None:
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"))
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files)
    subprocess.run(command, check=True, capture_output=True)


async def _scan(folder: Path) -> None:
    """Runs inside: a server on 443, and the scanner."""
    # What its set-up would fetch from elsewhere: sites that browsers know as https only. None is ours.
    (PACKAGE / "conf/hsts-preload.json").write_text("{}")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    config = Config(data=folder / "data", listen="127.0.0.1:443", tls_certificate=certificate, tls_key=key)
    app.migrate(config)
    async with app.running(config):
        scanner = await asyncio.create_subprocess_exec(
            *node(),
            str(PACKAGE / "src/scan.js"),
            "localhost",
            env=QUIET | {"NODE_EXTRA_CA_CERTS": str(certificate)},
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await scanner.communicate()
        print(json.dumps(json.loads(told)))


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        _certify(folder)
        asyncio.run(_scan(folder))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
