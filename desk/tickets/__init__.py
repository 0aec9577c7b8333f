"""Tickets from the queue to their end: priority, deadline, claim, shared screen."""
