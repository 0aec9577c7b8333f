"""The applicant's side and the running process: channels, dialogue, web, command line."""
