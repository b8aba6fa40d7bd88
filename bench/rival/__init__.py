"""A plain Channels project, as its tutorial shows it. Knows nothing of ours."""
