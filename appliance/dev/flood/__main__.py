import sys

from appliance.dev.flood.command import main

sys.exit(main())
