"""Whose texts are stored as they were written, and how all others are cleaned."""

from cms.content.rendering import aside
from cms.kernel.actors import Actor
from cms.kernel.declarations import PostType
from cms.markup.clean import clean_content

STORE_SCRIPTS = "store_scripts"
CAPABILITIES = {
    STORE_SCRIPTS: "Store content as it was written, scripts too; never in types that are reviewed"
}


def stores_scripts(actor: Actor, post_type: PostType) -> bool:
    """Whether this person's texts of the type are stored as they are. The capability must be named
    by a role of hers: the system, which has all, is a job that carries what others wrote."""
    return STORE_SCRIPTS in actor.capabilities and not post_type.is_reviewed


async def cleaned(actor: Actor, post_type: PostType, text: str) -> str:
    """The text as this person may store it."""
    if stores_scripts(actor, post_type):
        return text
    return await aside(len(text), clean_content, text)
