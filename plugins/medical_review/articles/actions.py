"""What can be done with the fields of medical texts."""

from cms.kernel.actions import Action
from plugins.medical_review.articles.vocabulary import ArticleTag

ARTICLE_ACTIONS = (
    Action(
        "article.specialties",
        "review",
        ArticleTag.SPECIALTY_LIST,
        "edit_posts",
        True,
        "See which specialties a text can be filed under",
    ),
)
