# SPDX-License-Identifier: Apache-2.0
"""Fyraften's rules: facts about a person's work in, findings out.

Standard library only; no clock, no network, no log. The one file access is reading its own law files, wire registry
and catalogues.
"""

__version__ = "0.1.0"
