"""What can be done with what a text points to."""

from cms.kernel.actions import Action
from plugins.medical_review.articles.vocabulary import ArticleTag

PUBLISHING_ACTIONS = (
    Action(
        "article.targets",
        "review",
        ArticleTag.TARGET_LIST,
        "edit_post",
        True,
        "See what a text points to and readers cannot get",
    ),
    Action(
        "article.publish_set",
        "review",
        ArticleTag.SET_PUBLISH,
        "publish_posts",
        False,
        "Publish several texts at once, all or none",
    ),
)
