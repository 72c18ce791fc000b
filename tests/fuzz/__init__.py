"""Targets for a fuzzer that watches which code its inputs reach."""
