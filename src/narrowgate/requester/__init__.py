"""The requester's kit: check rows before they are sent, and put them into a signed package."""
