"""What people who know nothing of the program typed, asked once before anything was changed for it."""
