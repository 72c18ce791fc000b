"""Crawls in bulk: archives -> rows, on one machine or many, with the same `clean` and the same result."""
