"""Dated law: rules and sources as data, and the one function that reads them."""

from mutualflow.rules.load import from_json, load, to_json

__all__ = ["from_json", "load", "to_json"]
