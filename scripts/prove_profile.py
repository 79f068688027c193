"""Hypothesis profiles for ``make prove``, loaded as a pytest plugin: many more examples, or few and always the same."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("prove", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# For changes of the rules: the same examples every time, so that a change is noticed every time or never.
settings.register_profile(
    "mutation",
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
