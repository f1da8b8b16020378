"""Judge again what a custodian says it determined: from signed packages, the agreement, and opened payloads."""
