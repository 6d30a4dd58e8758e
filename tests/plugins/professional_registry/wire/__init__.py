"""Councils on loopback: real servers, real TLS, and every way in which they can fail."""
