"""What is tried with programs that are no part of the suite."""
