"""SafeVoice: one process that gives a small community everything it needs to talk."""

__version__ = "0.1.0"
