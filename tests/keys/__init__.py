"""The keys of a gate: where they lie, and how they change."""
