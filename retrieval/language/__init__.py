"""Words as people type them and as documents write them: tokens, lexicon, spelling, numbers, years, places."""
