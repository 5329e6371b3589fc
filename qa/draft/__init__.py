"""Drafters propose an answer in words of the articles; ``qa.cite`` decides what is shown."""
