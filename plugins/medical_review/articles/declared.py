"""What the rooms of the texts themselves declare: articles, rebasing, publishing."""

from plugins.medical_review.articles.actions import ARTICLE_ACTIONS
from plugins.medical_review.articles.listing import ARTICLE_JOBS
from plugins.medical_review.publishing.actions import PUBLISHING_ACTIONS
from plugins.medical_review.publishing.alerts import (
    PUBLISHING_HEALTH,
    PUBLISHING_JOBS,
    PUBLISHING_NOTICES,
)
from plugins.medical_review.publishing.scheduled import PUBLISHING_FIELDS
from plugins.medical_review.rebasing.actions import HEAD_ACTIONS

ACTIONS = (*ARTICLE_ACTIONS, *HEAD_ACTIONS, *PUBLISHING_ACTIONS)
JOBS = (*ARTICLE_JOBS, *PUBLISHING_JOBS)
REST_FIELDS = PUBLISHING_FIELDS
NOTICES = PUBLISHING_NOTICES
HEALTH = PUBLISHING_HEALTH
