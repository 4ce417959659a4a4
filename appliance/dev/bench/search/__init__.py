"""How long it takes to find something in a million messages while others go on talking."""
