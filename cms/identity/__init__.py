"""People, roles and capabilities, and the proofs by which a request says who sends it."""
