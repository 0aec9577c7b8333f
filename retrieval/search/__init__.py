"""Finds rows by words and by vectors, and ranks them; no SQL, and no files of the index but its own."""
