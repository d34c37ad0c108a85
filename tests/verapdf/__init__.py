"""Checks PDF files with veraPDF."""
