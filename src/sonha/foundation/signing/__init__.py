"""Digital signatures of papers: test CA, PAdES, verification by anyone."""
