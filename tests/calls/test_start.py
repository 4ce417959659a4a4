"""What only calls need is not loaded before there is one."""

import subprocess
import sys


def test_no_start_of_the_server_loads_what_only_calls_or_tests_need() -> None:
    heavy = "{'aiortc', 'aioice', 'av', 'pylibsrtp', 'OpenSSL', 'atheris'}"
    asked = f"import sys, appliance.app; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
