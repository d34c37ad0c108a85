"""Rooms put together: acts with their papers, lived samples, formations taken over half-way."""
