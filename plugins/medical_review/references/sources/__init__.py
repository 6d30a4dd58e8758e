"""Where publications are looked up: Crossref, PubMed, Europe PMC; each in its own file."""
