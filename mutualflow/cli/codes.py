"""Exit codes."""

DONE = 0
FAULT = 1  # ours
WRONG_USE = 2
REFUSED = 3  # by a rule, with the sentence
NOT_FOUND = 4
STOPPED = 130  # by the person, with Ctrl-C
