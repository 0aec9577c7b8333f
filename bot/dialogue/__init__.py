"""Turns one applicant message into a step, and holds every sentence that he can read."""
