"""`cms review …`: what people ask of medical review on the command line."""

import click

from plugins.medical_review.signing.commands import rotate_key, verify


@click.group()
def review() -> None:
    """Medical review: signatures, certificates, and the keys that seal them."""


review.add_command(verify)
review.add_command(rotate_key)
