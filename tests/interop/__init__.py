"""Programs of others, set on what this one makes."""
