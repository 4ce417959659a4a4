import sys

from appliance.dev.seed.command import main

sys.exit(main())
