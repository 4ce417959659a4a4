"""What calls do by themselves: the relay, and the calls that are open."""

from appliance.features.calls.worker.relay import SECRET, Relay
from appliance.features.calls.worker.ringing import Ringing

__all__ = ["SECRET", "Relay", "Ringing"]
