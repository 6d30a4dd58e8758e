"""Texts after publication: whom they carry, what was never reviewed here."""
