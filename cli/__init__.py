"""The command line: parse, one call to the service, print. It knows no rule of any process and no table."""

__version__ = "0.1.0"
"""As in pyproject.toml, which a test sees to: asking the installation takes longer than all of `--version`."""
