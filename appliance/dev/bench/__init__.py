"""`safevoice dev bench`: measures a server of its own against the performance budget and says where the time
goes when one is missed."""
