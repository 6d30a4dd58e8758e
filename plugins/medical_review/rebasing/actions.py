"""What can be done with the texts of one post."""

from cms.kernel.actions import Action
from plugins.medical_review.articles.vocabulary import ArticleTag

HEAD_ACTIONS = (
    Action(
        "article.heads",
        "review",
        ArticleTag.HEAD_LIST,
        "edit_post",
        True,
        "See the texts of a post: live, edited, set aside",
    ),
    Action(
        "article.hot_fix",
        "review",
        ArticleTag.HEAD_HOT_FIX,
        "edit_post",
        False,
        "Set a pending text aside to correct the live one, or take it up again",
    ),
    Action(
        "article.rebase",
        "review",
        ArticleTag.HEAD_REBASE,
        "edit_post",
        False,
        "Rebase a text that was set aside on what readers have",
    ),
)
