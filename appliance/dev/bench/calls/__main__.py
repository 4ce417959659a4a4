import sys

from appliance.dev.bench.calls.command import main

sys.exit(main())
