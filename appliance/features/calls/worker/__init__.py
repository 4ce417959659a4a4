"""What calls do by themselves: the relay, the calls that are open, and who talks while they hold a button."""

from appliance.features.calls.worker.relay import SECRET, Relay
from appliance.features.calls.worker.ringing import Ringing
from appliance.features.calls.worker.talks import Talks

__all__ = ["SECRET", "Relay", "Ringing", "Talks"]
