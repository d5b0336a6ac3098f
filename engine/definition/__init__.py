"""What a process is: the model, the reader of YAML, the check of soundness, the diagram. Knows no case."""
