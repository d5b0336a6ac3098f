"""The ledger: bytes that are stored and hashed, and the proofs over them. No SQL, clock or randomness."""
