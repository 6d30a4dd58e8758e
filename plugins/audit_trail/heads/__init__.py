"""The folder of signed heads, which the database server cannot reach."""
