"""The types of content and the taxonomies that every site has, as WordPress has them."""

from cms.kernel.declarations import PostType, Taxonomy

_POST = PostType(
    name="post",
    rest_base="posts",
    label="Posts",
    supports=(
        "title",
        "editor",
        "author",
        "thumbnail",
        "excerpt",
        "trackbacks",
        "custom-fields",
        "comments",
        "revisions",
        "post-formats",
    ),
    taxonomies=("category",),
    has_sticky=True,
)

_PAGE = PostType(
    name="page",
    rest_base="pages",
    label="Pages",
    supports=(
        "title",
        "editor",
        "author",
        "thumbnail",
        "page-attributes",
        "custom-fields",
        "comments",
        "revisions",
    ),
    capability_type=("page", "pages"),
    is_hierarchical=True,
)

_CATEGORY = Taxonomy(
    name="category",
    rest_base="categories",
    label="Categories",
    post_types=("post",),
    is_hierarchical=True,
)

POST_TYPES = (_POST, _PAGE)
TAXONOMIES = (_CATEGORY,)
