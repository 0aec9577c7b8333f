"""What the applicant talks to, and the process itself: channels, dialogue, web, command line."""
