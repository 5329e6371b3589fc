"""Keeps vectors and finds the nearest: places, never meanings."""
