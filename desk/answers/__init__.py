"""Answers given: what each rested on, the same question asked again, and the rehearsal before publishing."""
