"""Takes in files and folders, one run at a time."""
