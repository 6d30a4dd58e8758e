"""The queue: jobs are put into it by the transaction they follow, and run by the worker."""
