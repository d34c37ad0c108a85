"""Use cases: functions over a connection in a transaction; they never commit."""
