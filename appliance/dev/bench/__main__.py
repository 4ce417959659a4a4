import sys

from appliance.dev.bench.command import main

sys.exit(main())
