"""mutualflow: forming a mutual, a co-operative or a joint venture, from first idea to first year."""

__version__ = "0.1.0"
