"""The verifier that goes out with every export: one file, the standard library, no other import."""
