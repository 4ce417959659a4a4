import sys

from appliance.dev.bench.search.command import main

sys.exit(main())
