"""Other engines that take a case through six steps, each a script for an interpreter that has it installed."""
