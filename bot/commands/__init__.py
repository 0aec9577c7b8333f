"""The commands of `laofashi`, by whom they serve."""
