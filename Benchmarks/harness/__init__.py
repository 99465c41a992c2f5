"""Runs programs in turns, keeps what they took, and writes the page. Standard library alone."""
