"""Measurements of Hjul against floors and peers, taken side by side in one run. Nothing here is in the wheel."""
