"""The recipient's kit: what an officer needs to open an answer, on a machine that has no gate."""
