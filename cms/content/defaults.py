"""The types of content and the taxonomies that every site has, as WordPress has them."""

from cms.kernel.declarations import PostType, Taxonomy

_POST = PostType(
    name="post",
    rest_base="posts",
    label="Posts",
    supports=("title", "editor", "excerpt", "author", "revisions", "sticky"),
    taxonomies=("category",),
)

_ATTACHMENT = PostType(
    name="attachment",
    rest_base="media",
    label="Media",
    supports=("title", "author", "comments"),
    rest_controller="attachments",
)

_CATEGORY = Taxonomy(
    name="category",
    rest_base="categories",
    label="Categories",
    post_types=("post",),
    is_hierarchical=True,
)

POST_TYPES = (_POST, _ATTACHMENT)
TAXONOMIES = (_CATEGORY,)
