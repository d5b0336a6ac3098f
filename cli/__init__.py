"""The command line: parse, one call to the service, print. It knows no rule of any process and no table."""
