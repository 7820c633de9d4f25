"""Job alerts: searches that people saved (saving), and the mails with new jobs that fit them (telling)."""
