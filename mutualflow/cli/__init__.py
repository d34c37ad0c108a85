"""The command line: one command per act, commands to look at things, and commands for the operator."""
