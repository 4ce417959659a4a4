"""What the relay costs for each packet beside coturn's, and how long a packet takes while people chat."""
