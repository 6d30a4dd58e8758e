"""What jobs ended with."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Moment


class JobFault(Base):
    """The kind of the error that a job ended with last. Its message is in the log of the worker:
    values may stand in it."""

    __tablename__ = "job_faults"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fault: Mapped[CText]
    failed_at: Mapped[Moment]
