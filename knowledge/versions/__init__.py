"""Turns a file that was read into a version that answers: recognised, checked, decided, live, rolled back."""
