"""How hard Hypothesis tries: moderately by default, harder where FYRAFTEN_PROVE is set in the environment."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("moderate", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("prove", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("prove" if os.environ.get("FYRAFTEN_PROVE") else "moderate")
