"""How hard Hypothesis tries here: moderately. ``make prove`` tries harder (``scripts/prove_profile.py``)."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("moderate", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("moderate")
