"""Channels: each carries an applicant's messages in and the replies out."""
