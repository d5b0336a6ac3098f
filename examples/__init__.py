"""Worked examples, as data for `hjul demo`. No code."""
