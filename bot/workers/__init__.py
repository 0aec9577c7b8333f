"""The work beside requests: the inbox, delivery, and the supervision that restarts them."""
