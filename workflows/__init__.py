"""Prefect: timetables, retries, fan-out and the operations view; no rule lives here, and nothing else imports it."""
