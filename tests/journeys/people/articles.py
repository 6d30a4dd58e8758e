"""A medical article as its author writes it on the screen, and steps that several people take."""

import re

from playwright.async_api import expect

from tests.journeys.people.desk import Desk

TITLE = "Dor de cabeça"
SENTENCE = "A dor costuma passar com repouso."
_FACTS = {
    "Excerpt": "Quando a dor de cabeça passa sozinha.",
    "Nível de evidência": "I",
    "References of this text, one in each line": "10.1000/182",
    "Target audience": "patients",
    "Medical disclaimer": "<p>Este texto não substitui a consulta.</p>",
}


async def write_article(author: Desk, responsible: int) -> None:
    """A complete draft, saved: everything that a review asks for is filled in."""
    await author.opens("Medical articles")
    await author.follows("Write a new one")
    await author.fills({"Title": TITLE, **_FACTS, "Responsible professional": str(responsible)})
    await author.writes(SENTENCE)
    await author.presses("Save draft")
    await author.is_told("The text is saved.")


async def send_back(reviewer: Desk, why: str) -> None:
    """Sign that the text goes back to its author."""
    await reviewer.page.get_by_role("radio", name=re.compile("^Review:")).check()
    await reviewer.fills({"Comment": why})
    await reviewer.presses("Sign")
    await reviewer.is_told("The text is with its author again")


async def approve(reviewer: Desk) -> None:
    """Sign the text that is shown."""
    await reviewer.page.get_by_role("radio", name=re.compile("^Approval")).check()
    await reviewer.presses("Sign")
    await reviewer.is_told("You have signed. The text is approved.")


async def comment_on(reviewer: Desk, passage: str, words: str, **more: str) -> None:
    """Mark a paragraph of the text under review and write beside it."""
    await reviewer.page.locator("article p", has_text=passage).first.select_text()
    await reviewer.presses("Comment on this passage")
    await expect(reviewer.field("Passage")).to_have_value(passage)
    await reviewer.fills({"Your comment": words, **more})
    await reviewer.presses("Send the comment")
    await reviewer.is_told("Your comment is kept.")
