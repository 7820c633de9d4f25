"""Coming in: tokens, passwords, sessions, and who is asking."""
