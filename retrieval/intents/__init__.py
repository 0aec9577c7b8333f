"""What a message is for: a question, a wish for a person, thanks, danger; learned from messages, not listed."""
