"""What all tests share: Hypothesis without a time limit for one example, because the machines that run it differ."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("fyraften", deadline=None)
settings.load_profile("fyraften")
