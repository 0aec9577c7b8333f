"""Brings files and versions into what answers, and tells what that would change."""
