"""Words that both sides of the local AWS know."""

UNCLEAN = "The stack was not stopped cleanly; the mailbox is telling again what became of the last mails."
"""Why sending is paused after a crash; recovery releases only this pause, never a person's."""
