"""The mail provider on a laptop: takes what SES accepted, shows it, and tells what became of it as SES would."""
