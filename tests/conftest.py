"""Shared by all tests."""

import os

from hypothesis import settings

# No test looks at the clock. CI sees the same examples every time; `HYPOTHESIS_PROFILE=hunt` looks further.
settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("hunt", deadline=None, max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
