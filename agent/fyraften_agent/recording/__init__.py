"""From input and clocks to spans, sessions and observed time, kept as they are measured."""
