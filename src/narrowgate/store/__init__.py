"""A gate on disk: its folders, its settings, whom it trusts, and the small database of people's work."""
