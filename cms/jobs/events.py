"""What people do about jobs."""

from cms.jobs.vocabulary import JobsTag
from cms.kernel.events import Event, Subject
from cms.kernel.lawfulness import PurposeOfUse


class JobRetried(Event, frozen=True, kw_only=True):
    """A job that had failed was put into the queue once more."""

    tag = JobsTag.JOB_RETRY
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    job_id: int

    def subject(self) -> Subject:
        return Subject("job", self.job_id)


JOB_EVENTS = (JobRetried,)
