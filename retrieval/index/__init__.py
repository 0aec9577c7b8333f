"""The index: chunks in SQL, generations on disk, a snapshot that serves, and its mending."""
