"""Groundwire: answers from your own news archive, every sentence backed by words found in the article."""

__version__ = "0.1.0"
