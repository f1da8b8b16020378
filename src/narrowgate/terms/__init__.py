"""The nouns of Narrowgate: frozen values, standard library only. Every other shelf and station speaks in these."""
