"""Prompts as files, one for each task and version."""
