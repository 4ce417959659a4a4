import sys

from appliance.dev.bench.web.command import main

sys.exit(main())
