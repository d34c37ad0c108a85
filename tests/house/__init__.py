"""The house itself: its rules, its command line as a whole, and its wheel."""
