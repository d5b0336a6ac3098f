"""What a process is: the model, the reader of YAML, the soundness check and the diagram. Knows no case and no database."""
