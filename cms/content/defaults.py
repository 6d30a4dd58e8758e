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
    taxonomies=("category", "post_tag"),
    singular="Post",
    icon="dashicons-admin-post",
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
    icon="dashicons-admin-page",
    is_hierarchical=True,
)

_ATTACHMENT = PostType(
    name="attachment",
    rest_base="media",
    label="Media",
    supports=("title", "author", "comments"),
    rest_controller="attachments",
    icon="dashicons-admin-media",
)

_CATEGORY = Taxonomy(
    name="category",
    rest_base="categories",
    label="Categories",
    post_types=("post",),
    is_hierarchical=True,
    singular="Category",
    capabilities=(
        "manage_categories",
        "edit_categories",
        "delete_categories",
        "assign_categories",
    ),
)

_TAG = Taxonomy(
    name="post_tag",
    rest_base="tags",
    label="Tags",
    post_types=("post",),
    singular="Tag",
    rewrite="tag",
    capabilities=("manage_post_tags", "edit_post_tags", "delete_post_tags", "assign_post_tags"),
)

POST_TYPES = (_POST, _PAGE, _ATTACHMENT)
TAXONOMIES = (_CATEGORY, _TAG)
