"""How the server remembers the passwords of a test run's logins."""

import os
from base64 import b64encode
from hashlib import pbkdf2_hmac, sha256
from hmac import digest


def quick_verifier(password: str) -> str:
    """SCRAM-SHA-256 with one iteration (RFC 5802 §3), as PostgreSQL stores it: such a password is
    checked in no time, and is worth nothing."""
    salt = os.urandom(16)
    salted = pbkdf2_hmac("sha256", password.encode(), salt, 1)
    stored = sha256(digest(salted, b"Client Key", "sha256")).digest()
    server = digest(salted, b"Server Key", "sha256")
    salt, stored, server = (b64encode(part) for part in (salt, stored, server))
    return f"SCRAM-SHA-256$1:{salt.decode()}${stored.decode()}:{server.decode()}"
