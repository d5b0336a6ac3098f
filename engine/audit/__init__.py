"""The audit: what needs both the ledger and the store. Verification and export of the log. Writes no event."""
