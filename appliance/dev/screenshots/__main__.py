import sys

from appliance.dev.screenshots.command import main

sys.exit(main())
