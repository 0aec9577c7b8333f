"""What specialists and administrators work at: conversations, tickets, console, administration."""
