"""Evaluation against golden answers: cases, metrics, runs, comparisons, reports."""
