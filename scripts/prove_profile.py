"""A Hypothesis profile with many more examples, for ``make prove``; loaded as a pytest plugin."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("prove", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
