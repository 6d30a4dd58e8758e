"""A customer's key."""

import pytest


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("KEY-OF-THE-CUSTOMER\n")
    return str(file)
