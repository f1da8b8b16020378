"""What lies on the disk, and who can read it."""
