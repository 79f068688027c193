"""The supervisor's children and the talk between the agent's processes."""
