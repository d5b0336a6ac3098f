"""The tests of Hjul, and what they stand on."""
