"""Citation styles in CSL 1.0, written for this product; `citeproc-py` makes lists of them."""
