"""The types of content and the taxonomies that every site has, as WordPress has them."""

from cms.kernel.declarations import PostType, Taxonomy

_POST = PostType(
    name="post",
    rest_base="posts",
    label="Posts",
    supports=("title", "editor", "excerpt", "author", "revisions", "sticky"),
    taxonomies=("category",),
)

_CATEGORY = Taxonomy(
    name="category",
    rest_base="categories",
    label="Categories",
    post_types=("post",),
    is_hierarchical=True,
)

POST_TYPES = (_POST,)
TAXONOMIES = (_CATEGORY,)
