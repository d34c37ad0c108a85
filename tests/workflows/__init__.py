"""Flows, timetable, sending and the demo: some with a real Prefect server, most without."""
