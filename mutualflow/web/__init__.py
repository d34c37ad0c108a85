"""The pages: parse a request, call one service, show what it says."""
