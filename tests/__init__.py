"""The tests of mutualflow, by room."""
