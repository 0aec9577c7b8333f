"""The `laofashi` commands, grouped by the people they serve."""
