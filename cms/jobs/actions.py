"""What can be done with jobs."""

from cms.jobs.vocabulary import JobsTag
from cms.kernel.actions import Action

JOB_ACTIONS = (
    Action("job.list", "job", JobsTag.JOB_LIST, "manage_options", True, "See the queue of jobs"),
    Action(
        "job.retry", "job", JobsTag.JOB_RETRY, "manage_options", False, "Run what failed once more"
    ),
)
