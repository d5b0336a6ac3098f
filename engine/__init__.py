"""The process engine: how a process runs, whatever process it is. Imports nothing, so that starting costs nothing."""
